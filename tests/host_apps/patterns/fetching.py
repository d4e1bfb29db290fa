"""Durable HTTP: calls of other services from an orchestration."""

import azure.durable_functions as df

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context")
def fetch(context: df.DurableOrchestrationContext):
    asked = context.get_input()
    token = df.ManagedIdentityTokenSource("https://management.core.windows.net") if asked.get("identity") else None
    headers, content = asked.get("headers"), asked.get("content")
    return (yield context.call_http(asked.get("method", "GET"), asked["url"], content, headers, token))
