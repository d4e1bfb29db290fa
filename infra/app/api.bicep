// The app: Flex Consumption, and the Durable Task Scheduler that keeps its workflows.
param names { plan: string, site: string, scheduler: string, hub: string }
param location string
param tags object
param identity { resourceId: string, clientId: string }
param hostStorage { name: string, blobs: string, queues: string, tables: string, deployments: string }
@description('Where each connection leads, Communication Services by their name; empty: it has no home here, the setting stays empty.')
param connections {
  cosmos: string
  tables: string
  blobs: string
  bus: string
  communication: string
  openai: string
  foundry: string
}
param modelName string
param vaultUri string
param secretSettings string[]
@description('Whose tokens of Entra ID are taken: directories, for which audience; and whether Easy Auth stands in front.')
param access { tenants: string, audience: string, easyAuth: bool }
param publicUrl string
param emailUrl string
param sweep bool
param timezone string
param insights string
param schedulerAllowedRanges string[]
param historyDays { completed: int, failed: int }
param subnetResourceId string?

// As many activities at once as the worker has threads: more would wait where nobody can take them away.
var threads = 8
// Not read off the site: what the site is told cannot wait for it.
var url = empty(publicUrl) ? 'https://${names.site}.azurewebsites.net' : publicUrl
var managed = { credential: 'managedidentity', clientId: identity.clientId }

// What the runtime reads.
var runtime = {
  AZURE_CLIENT_ID: identity.clientId
  AZURE_FUNCTIONS_DURABLE_STRICT_TYPING: '1'
  AzureWebJobsDisableHomepage: 'true'
  AzureWebJobsStorage__blobServiceUri: hostStorage.blobs
  AzureWebJobsStorage__queueServiceUri: hostStorage.queues
  AzureWebJobsStorage__tableServiceUri: hostStorage.tables
  AzureWebJobsStorage__credential: managed.credential
  AzureWebJobsStorage__clientId: managed.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  // The exporter neither counts itself for its maker nor asks him how it should be configured.
  APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL: 'true'
  APPLICATIONINSIGHTS_SDKSTATS_DISABLED: 'true'
  APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED: 'true'
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler.properties.endpoint};Authentication=ManagedIdentity;ClientID=${identity.clientId}'
  TASKHUB_NAME: names.hub
  PYTHON_THREADPOOL_THREAD_COUNT: string(threads)
}

// What Baton reads: the fields of shared/settings.py, every one (a test compares). An empty one counts as absent.
var settings = {
  BATON_HOME: '/tmp/baton'
  BATON_KEYS: ''
  BATON_OWNER_TOKEN: ''
  BATON_ENTRA_TENANTS: access.tenants
  BATON_ENTRA_AUDIENCE: access.audience
  BATON_ENTRA_AUTHORITY: environment().authentication.loginEndpoint
  BATON_EASY_AUTH: access.easyAuth ? 'on' : ''
  BATON_PUBLIC_URL: url
  BATON_TIMEZONE: timezone
  BATON_PROGRAMS: ''
  BATON_SMTP_URL: ''
  BATON_EMAIL_URL: emailUrl
  BATON_SMS_URL: ''
  BATON_WEBHOOK_URL: ''
  BATON_WEBHOOK_SECRET: ''
  BATON_WEBHOOK_ALLOW: ''
  BATON_CHAT_URL: ''
  BATON_SOCIAL_URL: ''
  BATON_BOOKS_URL: ''
  BATON_DKIM_KEYS: ''
  BATON_SMTP_SPF: ''
  BATON_DNS_SERVER: ''
  BATON_MAILBOX_URL: ''
  BATON_MODEL_URL: ''
  BATON_MODEL_KEY: ''
  BATON_MODEL_NAME: ''
  BATON_LOCAL_MODEL_URL: ''
  BATON_LOCAL_MODEL_NAME: ''
  BATON_OPENAI_MODEL: modelName
  BATON_FOUNDRY_MODEL: ''
  BATON_FOLDERS: ''
  BATON_CALENDAR_URL: ''
  BATON_DIRECTORY_URL: ''
  CosmosConnection__accountEndpoint: connections.cosmos
  CosmosConnection__credential: managed.credential
  CosmosConnection__clientId: managed.clientId
  LedgerConnection__tableServiceUri: connections.tables
  LedgerConnection__credential: managed.credential
  LedgerConnection__clientId: managed.clientId
  JournalConnection__tableServiceUri: connections.tables
  JournalConnection__credential: managed.credential
  JournalConnection__clientId: managed.clientId
  FilesConnection__blobServiceUri: connections.blobs
  FilesConnection__credential: managed.credential
  FilesConnection__clientId: managed.clientId
  ServiceBusConnection__fullyQualifiedNamespace: connections.bus
  ServiceBusConnection__credential: managed.credential
  ServiceBusConnection__clientId: managed.clientId
  CommunicationConnection__endpoint: 'https://${communication.properties.hostName}'
  CommunicationConnection__credential: managed.credential
  CommunicationConnection__clientId: managed.clientId
  OpenAIConnection__endpoint: connections.openai
  OpenAIConnection__credential: managed.credential
  OpenAIConnection__clientId: managed.clientId
  FoundryConnection__endpoint: connections.foundry
  FoundryConnection__credential: managed.credential
  FoundryConnection__clientId: managed.clientId
}

// A function is switched off by a setting of its own.
var switches = sweep ? {} : { 'AzureWebJobs.sweep.Disabled': 'true' }

resource communication 'Microsoft.Communication/communicationServices@2023-04-01' existing = {
  name: connections.communication
}

var secrets = toObject(
  secretSettings,
  each => each,
  each => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${replace(each, '_', '-')})'
)

// No registry module has the scheduler yet.
resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: names.scheduler
  location: location
  tags: tags
  properties: {
    sku: { name: 'Consumption' }
    ipAllowlist: schedulerAllowedRanges
  }
}

resource hub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: names.hub
}

resource retention 'Microsoft.DurableTask/schedulers/retentionPolicies@2026-02-01' = {
  parent: scheduler
  name: 'default'
  properties: {
    retentionPolicies: [
      { retentionPeriodInDays: historyDays.completed, orchestrationState: 'Completed' }
      { retentionPeriodInDays: historyDays.completed, orchestrationState: 'Terminated' }
      { retentionPeriodInDays: historyDays.failed, orchestrationState: 'Failed' }
    ]
  }
}

module plan 'br/public:avm/res/web/serverfarm:0.7.0' = {
  params: {
    name: names.plan
    location: location
    tags: tags
    skuName: 'FC1'
    reserved: true
    zoneRedundant: true
  }
}

module site 'br/public:avm/res/web/site:0.24.0' = {
  params: {
    name: names.site
    location: location
    // By this tag azd knows where the service `api` goes.
    tags: union(tags, { 'azd-service-name': 'api' })
    kind: 'functionapp,linux'
    serverFarmResourceId: plan.outputs.resourceId
    clientAffinityEnabled: false
    httpsOnly: true
    managedIdentities: { userAssignedResourceIds: [identity.resourceId] }
    keyVaultAccessIdentityResourceId: identity.resourceId
    virtualNetworkSubnetResourceId: subnetResourceId
    basicPublishingCredentialsPolicies: [
      { name: 'ftp', allow: false }
      { name: 'scm', allow: false }
    ]
    functionAppConfig: {
      runtime: { name: 'python', version: '3.13' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: hostStorage.deployments
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.resourceId
          }
        }
      }
      scaleAndConcurrency: {
        maximumInstanceCount: 40
        instanceMemoryMB: 2048
        triggers: { http: { perInstanceConcurrency: 16 } }
      }
    }
    siteConfig: { alwaysOn: false, minTlsVersion: '1.2' }
    // retainCurrentAppSettings: what is not said here is taken away, and the settings that are there are not listed.
    configs: [
      {
        name: 'appsettings'
        retainCurrentAppSettings: false
        properties: union(runtime, settings, switches, secrets)
      }
    ]
  }
}

output name string = site.outputs.name
output url string = 'https://${site.outputs.defaultHostname}'
output schedulerName string = scheduler.name
