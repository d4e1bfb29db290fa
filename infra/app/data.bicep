// Where state lies: documents in Cosmos DB; ledger and journal in tables; files in blobs; secrets of third parties in a vault.
param names { hostStorage: string, storage: string, cosmos: string, vault: string }
param location string
param tags object
@description('Subnet and zones of private endpoints; none: reached over the public network, with an identity only.')
param endpoints object?

var public = empty(endpoints)
var deployments = 'deployments'

// The runtime's own account: leases, timers, the deployed package. Apart from ours, because the host wants to own it.
module hostStorage 'br/public:avm/res/storage/storage-account:0.33.0' = {
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    skuName: 'Standard_ZRS'
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    publicNetworkAccess: public ? 'Enabled' : 'Disabled'
    networkAcls: { defaultAction: public ? 'Allow' : 'Deny', bypass: 'AzureServices' }
    blobServices: { containers: [{ name: deployments }] }
    privateEndpoints: public ? [] : map(['blob', 'queue', 'table'], each => {
      service: each
      subnetResourceId: endpoints!.subnet
      privateDnsZoneGroup: { privateDnsZoneGroupConfigs: [{ privateDnsZoneResourceId: endpoints!.zones[each] }] }
    })
  }
}

module storage 'br/public:avm/res/storage/storage-account:0.33.0' = {
  params: {
    name: names.storage
    location: location
    tags: tags
    skuName: 'Standard_ZRS'
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    publicNetworkAccess: public ? 'Enabled' : 'Disabled'
    networkAcls: { defaultAction: public ? 'Allow' : 'Deny', bypass: 'AzureServices' }
    // Few days: what is erased for a person shall soon be gone.
    blobServices: { containers: [{ name: 'files' }], deleteRetentionPolicyEnabled: true, deleteRetentionPolicyDays: 3 }
    tableServices: { tables: [{ name: 'ledger' }, { name: 'journal' }] }
    privateEndpoints: public ? [] : map(['blob', 'table'], each => {
      service: each
      subnetResourceId: endpoints!.subnet
      privateDnsZoneGroup: { privateDnsZoneGroupConfigs: [{ privateDnsZoneResourceId: endpoints!.zones[each] }] }
    })
  }
}

module cosmos 'br/public:avm/res/document-db/database-account:0.20.1' = {
  params: {
    name: names.cosmos
    location: location
    tags: tags
    // One region writes, and a read sees what was written: an opt-out counts at once, in every worker.
    defaultConsistencyLevel: 'Strong'
    enableMultipleWriteLocations: false
    disableLocalAuthentication: true
    // Few days here, too: what a backup keeps cannot be erased.
    backupPolicyType: 'Continuous'
    backupPolicyContinuousTier: 'Continuous7Days'
    networkRestrictions: { publicNetworkAccess: public ? 'Enabled' : 'Disabled' }
    sqlDatabases: [
      {
        name: 'baton'
        containers: [
          {
            name: 'documents'
            kind: 'MultiHash'
            version: 2
            paths: ['/tenant', '/workspace', '/kind']
            // Nothing ends by itself but what says so: tombstones, after 90 days.
            defaultTtl: -1
            autoscaleSettingsMaxThroughput: 4000
            indexingPolicy: {
              indexingMode: 'consistent'
              includedPaths: [{ path: '/*' }]
              excludedPaths: [
                { path: '/changed_at/?' }
                { path: '/changed_by/?' }
                { path: '/schema/?' }
                { path: '/trail/*' }
                { path: '/"_etag"/?' }
              ]
            }
          }
        ]
      }
    ]
    privateEndpoints: public ? [] : [
      {
        service: 'Sql'
        subnetResourceId: endpoints!.subnet
        privateDnsZoneGroup: { privateDnsZoneGroupConfigs: [{ privateDnsZoneResourceId: endpoints!.zones.cosmos }] }
      }
    ]
  }
}

module vault 'br/public:avm/res/key-vault/vault:0.14.0' = {
  params: {
    name: names.vault
    location: location
    tags: tags
    enableRbacAuthorization: true
    enablePurgeProtection: true
    publicNetworkAccess: public ? 'Enabled' : 'Disabled'
    privateEndpoints: public ? [] : [
      {
        subnetResourceId: endpoints!.subnet
        privateDnsZoneGroup: { privateDnsZoneGroupConfigs: [{ privateDnsZoneResourceId: endpoints!.zones.vault }] }
      }
    ]
  }
}

output hostStorage { name: string, blobs: string, queues: string, tables: string, deployments: string } = {
  name: hostStorage.outputs.name
  blobs: hostStorage.outputs.serviceEndpoints.blob
  queues: hostStorage.outputs.serviceEndpoints.queue
  tables: hostStorage.outputs.serviceEndpoints.table
  deployments: '${hostStorage.outputs.serviceEndpoints.blob}${deployments}'
}
output storageName string = storage.outputs.name
output tablesEndpoint string = storage.outputs.serviceEndpoints.table
output blobsEndpoint string = storage.outputs.serviceEndpoints.blob
output cosmosResourceId string = cosmos.outputs.resourceId
output cosmosName string = cosmos.outputs.name
output cosmosEndpoint string = cosmos.outputs.endpoint
output vaultName string = vault.outputs.name
output vaultUri string = vault.outputs.uri
