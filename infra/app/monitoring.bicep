// What is seen of the app, and who is told. Queries stand on what the app really sends (docs/observability.md): requests of
// the Functions host, the events of shared/logs.py and the metrics of shared/telemetry/names.py. tests/unit/infra/test_alerts.py
// lets each of them fire, and not fire, on that.
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
    name: 'server-errors'
    description: 'More than one request of a hundred ended with an error of the server.'
    severity: 2
    window: 'PT15M'
    query: 'AppMetrics | where Name == "baton.request.duration" | extend status = toint(Properties["http.response.status_code"]) | summarize errors = sumif(ItemCount, status >= 500), requests = sum(ItemCount) | where errors >= 5 and errors > 0.01 * requests'
  }
  {
    name: 'slow'
    description: 'One request of twenty took more than five seconds.'
    severity: 3
    window: 'PT30M'
    query: 'AppRequests | where Url != "" | summarize p95 = percentile(DurationMs, 95) | where p95 > 5000'
  }
  {
    name: 'unsubscribe-failed'
    description: 'Somebody could not unsubscribe or choose: look at once, the law gives little time.'
    severity: 1
    window: 'PT15M'
    query: 'AppMetrics | where Name == "baton.request.duration" and tostring(Properties["http.route"]) in ("/api/u/{token}", "/api/p/{token}") | where toint(Properties["http.response.status_code"]) >= 500'
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
  {
    name: 'workflow-broken'
    description: 'A workflow failed or was terminated: a person decides whether it begins again.'
    severity: 1
    window: 'PT15M'
    query: 'AppMetrics | where Name == "baton.flow.broken" | summarize broken = sum(Sum) | where broken > 0'
  }
  {
    name: 'workflow-waiting'
    description: 'A workflow waits for its first turn for a quarter of an hour: no worker, or none of its version.'
    severity: 1
    window: 'PT15M'
    query: 'AppMetrics | where Name == "baton.flow.pending.age" | summarize longest = max(Sum / ItemCount) | where longest > 900'
  }
  {
    name: 'bounces'
    description: 'Of what a sender domain sent, two of a hundred messages bounced: clean the list.'
    severity: 2
    window: 'PT15M'
    query: 'AppMetrics | where Name == "baton.domain.bounces" | summarize share = max(Sum / ItemCount) | where share >= 0.02'
  }
  {
    name: 'complaints'
    description: 'Of what a sender domain sent, one of a thousand was complained of.'
    severity: 2
    window: 'PT15M'
    query: 'AppMetrics | where Name == "baton.domain.complaints" | summarize share = max(Sum / ItemCount) | where share >= 0.001'
  }
  {
    name: 'complaints-page'
    description: 'Of what a sender domain sent, two of a thousand were complained of: the guardian stops it.'
    severity: 0
    window: 'PT15M'
    query: 'AppMetrics | where Name == "baton.domain.complaints" | summarize share = max(Sum / ItemCount) | where share >= 0.002'
  }
  {
    name: 'domain-stopped'
    description: 'The guardian has stopped a sender domain: nothing leaves from it until a person lets it go on.'
    severity: 1
    window: 'PT15M'
    query: 'AppMetrics | where Name == "baton.domain.stopped" | summarize stopped = max(Sum / ItemCount) | where stopped > 0'
  }
  {
    name: 'unknown-messages'
    description: 'Of some messages nobody can find out whether they left: a person decides (baton campaign unknown).'
    severity: 2
    window: 'PT1H'
    query: 'AppMetrics | where Name == "baton.message.unknown" | summarize left = max(Sum / ItemCount) | where left > 0'
  }
  {
    name: 'budget'
    description: 'A workspace has used nine tenths of its budget for models.'
    severity: 3
    window: 'PT15M'
    query: 'AppMetrics | where Name == "baton.budget.used" | summarize used = max(Sum / ItemCount) | where used >= 0.9'
  }
  {
    name: 'model-failing'
    description: 'Half of the questions to a model are not answered.'
    severity: 2
    window: 'PT15M'
    query: 'AppMetrics | where Name == "gen_ai.client.operation.duration" | extend model = tostring(Properties["gen_ai.request.model"]), fault = tostring(Properties["error.type"]) | summarize faults = sumif(ItemCount, fault != ""), asked = sum(ItemCount) by model | where faults >= 3 and faults > 0.5 * asked'
  }
  {
    name: 'instances-at-most'
    description: 'As many instances run as may: work waits.'
    severity: 3
    window: 'PT15M'
    query: 'AppRequests | summarize instances = dcount(AppRoleInstance) | where instances >= 40'
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
    threshold: 0
  }
  {
    name: 'documents-throttled'
    description: 'Cosmos DB answers 429: give the container more RU/s. Nothing is lost, only late.'
    severity: 3
    scope: cosmosResourceId
    type: 'Microsoft.DocumentDB/databaseAccounts'
    metric: 'TotalRequests'
    dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
    threshold: 0
  }
  {
    name: 'documents-busy'
    description: 'Cosmos DB uses nine tenths of its RU/s: soon it will answer 429.'
    severity: 3
    scope: cosmosResourceId
    type: 'Microsoft.DocumentDB/databaseAccounts'
    metric: 'NormalizedRUConsumption'
    dimensions: []
    threshold: 90
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
            threshold: each.threshold
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
