// The models: an account and a project of AI Foundry, and one deployment. Asked with an identity, never with a key.
param name string
param location string
param tags object
param model { name: string, version: string, capacity: int }
param privateNetwork bool

module account 'br/public:avm/res/cognitive-services/account:0.18.0' = {
  params: {
    name: name
    location: location
    tags: tags
    kind: 'AIServices'
    sku: 'S0'
    customSubDomainName: name
    allowProjectManagement: true
    managedIdentities: { systemAssigned: true }
    disableLocalAuth: true
    // Prompts leave the private network here, over TLS and with an identity; a private endpoint is added by hand.
    publicNetworkAccess: 'Enabled'
    networkAcls: { defaultAction: 'Allow', bypass: privateNetwork ? 'AzureServices' : 'None' }
    deployments: [
      {
        name: model.name
        model: { format: 'OpenAI', name: model.name, version: model.version }
        sku: { name: 'DataZoneStandard', capacity: model.capacity }
        // A model that changed under a campaign would make its replay differ: versions are raised on purpose.
        versionUpgradeOption: 'NoAutoUpgrade'
      }
    ]
  }
}

resource made 'Microsoft.CognitiveServices/accounts@2025-06-01' existing = {
  name: name
  dependsOn: [account]
}

resource project 'Microsoft.CognitiveServices/accounts/projects@2025-06-01' = {
  parent: made
  name: 'baton'
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: { displayName: 'Baton' }
}

output name string = account.outputs.name
output modelName string = model.name
output openaiEndpoint string = 'https://${name}.openai.azure.com'
output projectEndpoint string = 'https://${name}.services.ai.azure.com/api/projects/${project.name}'
