// What is seen of the app, and who is told. Queries stand on what the app really writes: requests of the Functions host,
// and the events of shared/logs.py ("request failed", "step failed").
param names { workspace: string, component: string, actionGroup: string }
param location string
param tags object
param alertEmail string
param busResourceId string
param cosmosResourceId string

var logAlerts = [
  {
    name: 'step-failed'
    description: 'A step of a workflow failed; it is tried again, but look at what failed.'
    severity: 2
    window: 'PT15M'
    query: 'AppTraces | where Message has \'"event": "step failed"\''
  }
  {
    name: 'request-failed'
    description: 'A request met an unexpected fault (HTTP 500).'
    severity: 2
    window: 'PT15M'
    query: 'AppTraces | where Message has \'"event": "request failed"\''
  }
  {
    name: 'slow'
    description: 'One request of twenty took more than five seconds.'
    severity: 3
    window: 'PT30M'
    query: 'AppRequests | where Url != "" | summarize p95 = percentile(DurationMs, 95) | where p95 > 5000'
  }
  {
    name: 'no-sweep'
    description: 'The sweep did not run for half an hour: nothing that was left behind is looked after.'
    severity: 1
    window: 'PT30M'
    query: 'AppRequests | where Name == "sweep" | summarize runs = count() | where runs == 0'
  }
  {
    name: 'poison'
    description: 'A work item of the Durable Task Scheduler cannot be handled.'
    severity: 1
    window: 'PT30M'
    query: 'AppTraces | where Message has "PoisonMessageDetected"'
  }
]

var metricAlerts = [
  {
    name: 'dead-letters'
    description: 'Messages lie in a dead-letter queue: each has its reason with it.'
    severity: 2
    scope: busResourceId
    type: 'Microsoft.ServiceBus/namespaces'
    metric: 'DeadletteredMessages'
    dimensions: []
  }
  {
    name: 'documents-throttled'
    description: 'Cosmos DB answers 429: give the container more RU/s. Nothing is lost, only late.'
    severity: 3
    scope: cosmosResourceId
    type: 'Microsoft.DocumentDB/databaseAccounts'
    metric: 'TotalRequests'
    dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
  }
]

module workspace 'br/public:avm/res/operational-insights/workspace:0.16.1' = {
  params: {
    name: names.workspace
    location: location
    tags: tags
    dataRetention: 30
  }
}

module component 'br/public:avm/res/insights/component:0.8.0' = {
  params: {
    name: names.component
    location: location
    tags: tags
    workspaceResourceId: workspace.outputs.resourceId
    disableLocalAuth: true
  }
}

module people 'br/public:avm/res/insights/action-group:0.8.0' = {
  params: {
    name: names.actionGroup
    location: 'global'
    tags: tags
    groupShortName: 'baton'
    emailReceivers: [{ name: 'owner', emailAddress: alertEmail, useCommonAlertSchema: true }]
  }
}

module logAlert 'br/public:avm/res/insights/scheduled-query-rule:0.6.0' = [
  for each in logAlerts: {
    params: {
      name: 'baton-${each.name}'
      location: location
      tags: tags
      kind: 'LogAlert'
      alertDescription: each.description
      severity: each.severity
      evaluationFrequency: 'PT15M'
      windowSize: each.window
      scopes: [workspace.outputs.resourceId]
      actions: { actionGroupResourceIds: [people.outputs.resourceId] }
      // On a new workspace the tables are not there yet.
      skipQueryValidation: true
      criterias: {
        allOf: [
          {
            query: each.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
    }
  }
]

module metricAlert 'br/public:avm/res/insights/metric-alert:0.4.1' = [
  for each in metricAlerts: {
    params: {
      name: 'baton-${each.name}'
      tags: tags
      alertDescription: each.description
      severity: each.severity
      scopes: [each.scope]
      targetResourceType: each.type
      targetResourceRegion: location
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      actions: [people.outputs.resourceId]
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allof: [
          {
            name: each.name
            criterionType: 'StaticThresholdCriterion'
            metricName: each.metric
            dimensions: each.dimensions
            timeAggregation: each.metric == 'TotalRequests' ? 'Count' : 'Maximum'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
    }
  }
]

// No registry module has workbooks.
resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'baton')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Baton'
    category: 'workbook'
    sourceId: workspace.outputs.resourceId
    serializedData: loadTextContent('workbook.json')
  }
}

output componentName string = component.outputs.name
output connectionString string = component.outputs.connectionString
