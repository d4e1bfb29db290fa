// How Baton hears and speaks: Service Bus between systems, Communication Services to people.
param names { bus: string, communication: string, email: string }
param location string
param tags object
param endpoints object?

var public = empty(endpoints)

module bus 'br/public:avm/res/service-bus/namespace:0.17.0' = {
  params: {
    name: names.bus
    location: location
    tags: tags
    // Said on purpose: the module would take two units of Premium. Private endpoints exist in Premium only.
    skuObject: public ? { name: 'Standard' } : { name: 'Premium', capacity: 1 }
    zoneRedundant: !public
    disableLocalAuth: true
    // As servicebus.json has them for the embedded host (a test compares). What somebody wants to hear of is a subscription
    // of the topic, made beside this file.
    queues: [
      {
        name: 'commands'
        maxDeliveryCount: 5
        lockDuration: 'PT5M'
        defaultMessageTimeToLive: 'P14D'
        deadLetteringOnMessageExpiration: true
        requiresDuplicateDetection: true
        duplicateDetectionHistoryTimeWindow: 'P7D'
      }
    ]
    topics: [
      {
        name: 'events'
        requiresDuplicateDetection: true
        duplicateDetectionHistoryTimeWindow: 'P7D'
      }
    ]
    publicNetworkAccess: public ? 'Enabled' : 'Disabled'
    privateEndpoints: public ? [] : [
      {
        subnetResourceId: endpoints!.subnet
        privateDnsZoneGroup: { privateDnsZoneGroupConfigs: [{ privateDnsZoneResourceId: endpoints!.zones.bus }] }
      }
    ]
  }
}

module email 'br/public:avm/res/communication/email-service:0.4.5' = {
  params: {
    name: names.email
    location: 'global'
    tags: tags
    dataLocation: 'Europe'
    // A domain of Azure's to begin with, for tests only: it may send few mails. Yours is added as docs/deploy.md says.
    domains: [{ name: 'AzureManagedDomain', domainManagement: 'AzureManaged' }]
  }
}

module communication 'br/public:avm/res/communication/communication-service:0.5.0' = {
  params: {
    name: names.communication
    location: 'global'
    tags: tags
    dataLocation: 'Europe'
    linkedDomains: email.outputs.domainResourceIds
  }
}

output busResourceId string = bus.outputs.resourceId
output busName string = bus.outputs.name
output busHost string = '${bus.outputs.name}.servicebus.windows.net'
output communicationName string = communication.outputs.name
