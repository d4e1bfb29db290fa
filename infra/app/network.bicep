// Optional: a network of its own. Stores and bus are reached by private endpoints only; the app goes out through it.
param name string
param location string
param tags object

// The zones of private endpoints, by what is behind them.
var zones = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  cosmos: 'privatelink.documents.azure.com'
  bus: 'privatelink.servicebus.windows.net'
  vault: 'privatelink.vaultcore.azure.net'
}

module network 'br/public:avm/res/network/virtual-network:0.10.1' = {
  params: {
    name: name
    location: location
    tags: tags
    addressPrefixes: ['10.20.0.0/16']
    subnets: [
      {
        name: 'app'
        addressPrefix: '10.20.0.0/24'
        // Flex Consumption wants this one, not Microsoft.Web/serverFarms.
        delegation: 'Microsoft.App/environments'
      }
      {
        name: 'endpoints'
        addressPrefix: '10.20.1.0/24'
      }
    ]
  }
}

module zone 'br/public:avm/res/network/private-dns-zone:0.8.1' = [
  for each in items(zones): {
    params: {
      name: each.value
      tags: tags
      virtualNetworkLinks: [{ virtualNetworkResourceId: network.outputs.resourceId }]
    }
  }
]

output appSubnetResourceId string = network.outputs.subnetResourceIds[0]
@description('What data and messaging need for their private endpoints: the subnet, and a zone for each kind.')
output endpoints object = {
  subnet: network.outputs.subnetResourceIds[1]
  zones: {
    blob: resourceId('Microsoft.Network/privateDnsZones', zones.blob)
    queue: resourceId('Microsoft.Network/privateDnsZones', zones.queue)
    table: resourceId('Microsoft.Network/privateDnsZones', zones.table)
    cosmos: resourceId('Microsoft.Network/privateDnsZones', zones.cosmos)
    bus: resourceId('Microsoft.Network/privateDnsZones', zones.bus)
    vault: resourceId('Microsoft.Network/privateDnsZones', zones.vault)
  }
}
