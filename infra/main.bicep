// Names everything, tags it, and hands on what one part has for another. What is built is decided in app/.
targetScope = 'subscription'

@description('Short name of this deployment, such as prod: part of every name.')
@minLength(2)
@maxLength(16)
param environmentName string

@description('Region. Durable Task Scheduler and Flex Consumption must both be offered there.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Where mails of the alerts go.')
param alertEmail string

@description('The public address in links of messages, without a slash at its end. Empty: the address of the function app.')
param publicUrl string = ''

@description('How e-mail leaves over the Communication Services that are made here, such as acs:?rate_per_second=0.5. Empty: not by them.')
param emailUrl string = ''

@description('Whether what was left behind is looked after. Off only while a home is moved: docs/deploy.md.')
param sweep bool = true

@description('The zone in which "today" of the workspace is meant.')
param timezone string = 'UTC'

@description('The model that agents ask, of the account that is made here. Empty: none, the built-in writer writes.')
param model object = {
  name: 'gpt-5-mini'
  version: '2025-08-07'
  capacity: 50
}

@description('Settings that are secrets: those named here are read from the vault, where the name has - in place of _.')
param secretSettings string[] = ['BATON_KEYS']

@description('Directories of Entra ID that are let in: an id, or agency=id, separated by spaces. Empty: the one of the deployment.')
param entraTenants string = ''

@description('For whom tokens must be: the application ids of the app registration, separated by spaces. Empty: no token of Entra ID is taken.')
param entraAudience string = ''

@description('Easy Auth stands in front of the app: what its headers say of who called is believed.')
param easyAuth bool = false

@description('Everything on a private network. Needs Service Bus Premium.')
param privateNetwork bool = false

@description('Addresses that may speak to the Durable Task Scheduler; it asks for an identity in any case.')
param schedulerAllowedRanges string[] = ['0.0.0.0/0']

@description('Days that the history of an ended workflow is kept.')
param historyDays { completed: int, failed: int } = { completed: 7, failed: 30 }

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var hub = 'baton'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-baton-${environmentName}'
  location: location
  tags: tags
}

module identity 'br/public:avm/res/managed-identity/user-assigned-identity:0.6.0' = {
  scope: group
  params: {
    name: 'id-baton-${token}'
    location: location
    tags: tags
  }
}

module network 'app/network.bicep' = if (privateNetwork) {
  scope: group
  params: {
    name: 'vnet-baton-${token}'
    location: location
    tags: tags
  }
}

module data 'app/data.bicep' = {
  scope: group
  params: {
    names: {
      hostStorage: 'sthost${token}'
      storage: 'stdata${token}'
      cosmos: 'cosmos-baton-${token}'
      vault: 'kv-${token}'
    }
    location: location
    tags: tags
    endpoints: network.?outputs.endpoints
  }
}

module messaging 'app/messaging.bicep' = {
  scope: group
  params: {
    names: {
      bus: 'sb-baton-${token}'
      communication: 'acs-baton-${token}'
      email: 'email-baton-${token}'
    }
    location: location
    tags: tags
    endpoints: network.?outputs.endpoints
  }
}

module ai 'app/ai.bicep' = if (!empty(model)) {
  scope: group
  params: {
    name: 'ai-baton-${token}'
    location: location
    tags: tags
    model: model
    privateNetwork: privateNetwork
  }
}

module monitoring 'app/monitoring.bicep' = {
  scope: group
  params: {
    names: {
      workspace: 'log-baton-${token}'
      component: 'appi-baton-${token}'
      actionGroup: 'ag-baton-${token}'
    }
    location: location
    tags: tags
    alertEmail: alertEmail
    busResourceId: messaging.outputs.busResourceId
    cosmosResourceId: data.outputs.cosmosResourceId
  }
}

module api 'app/api.bicep' = {
  scope: group
  params: {
    names: {
      plan: 'plan-baton-${token}'
      site: 'func-baton-${token}'
      scheduler: 'dts-baton-${token}'
      hub: hub
    }
    location: location
    tags: tags
    identity: {
      resourceId: identity.outputs.resourceId
      clientId: identity.outputs.clientId
    }
    hostStorage: data.outputs.hostStorage
    connections: {
      cosmos: data.outputs.cosmosEndpoint
      tables: data.outputs.tablesEndpoint
      blobs: data.outputs.blobsEndpoint
      bus: messaging.outputs.busHost
      communication: messaging.outputs.communicationName
      openai: ai.?outputs.openaiEndpoint ?? ''
      foundry: ai.?outputs.projectEndpoint ?? ''
    }
    modelName: ai.?outputs.modelName ?? ''
    vaultUri: data.outputs.vaultUri
    secretSettings: secretSettings
    access: {
      tenants: empty(entraAudience) ? '' : empty(entraTenants) ? tenant().tenantId : entraTenants
      audience: entraAudience
      easyAuth: easyAuth
    }
    publicUrl: publicUrl
    emailUrl: emailUrl
    sweep: sweep
    timezone: timezone
    insights: monitoring.outputs.connectionString
    schedulerAllowedRanges: schedulerAllowedRanges
    historyDays: historyDays
    subnetResourceId: network.?outputs.appSubnetResourceId
  }
}

module rbac 'app/rbac.bicep' = {
  scope: group
  params: {
    principalId: identity.outputs.principalId
    hostStorage: data.outputs.hostStorage.name
    storage: data.outputs.storageName
    cosmos: data.outputs.cosmosName
    vault: data.outputs.vaultName
    bus: messaging.outputs.busName
    communication: messaging.outputs.communicationName
    component: monitoring.outputs.componentName
    scheduler: api.outputs.schedulerName
    hub: hub
    ai: ai.?outputs.name ?? ''
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output BATON_URL string = api.outputs.url
output BATON_VAULT string = data.outputs.vaultName
output SERVICE_API_NAME string = api.outputs.name
