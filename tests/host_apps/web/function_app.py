"""HTTP triggers of every kind, as a plain Azure Functions app."""

import asyncio
import json
import threading
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


def answer(value):
    return func.HttpResponse(json.dumps(value), mimetype="application/json")


@app.route(route="hello", methods=["GET"])
def hello(req: func.HttpRequest) -> str:
    return f"hello {req.params.get('name', 'world')}"


@app.route(route="echo/{a}/{b?}", methods=["POST", "PUT"])
async def echo(req: func.HttpRequest) -> func.HttpResponse:
    seen = {
        "method": req.method,
        "url": req.url,
        "params": dict(req.params),
        "route": dict(req.route_params),
        "header": req.headers.get("X-Asked"),
        "size": len(req.get_body()),
    }
    return answer(seen)


@app.route(route="files/{*rest}", methods=["GET"])
def files(req: func.HttpRequest) -> str:
    return req.route_params.get("rest", "")


@app.route(route="form", methods=["POST"])
def form(req: func.HttpRequest) -> func.HttpResponse:
    return answer({"fields": dict(req.form), "files": {name: file.read().decode() for name, file in req.files.items()}})


@app.route()
def unnamed(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    trace = context.trace_context.trace_parent
    return answer({"name": context.function_name, "id": context.invocation_id, "trace": trace, "cwd": str(Path.cwd())})


@app.route(route="page", methods=["GET", "HEAD"])
def page(req: func.HttpRequest) -> func.HttpResponse:
    response = func.HttpResponse("<p>Grüße</p>", status_code=203, mimetype="text/html")
    response.headers.add("Set-Cookie", "session=1; Path=/; HttpOnly; SameSite=Lax")
    response.headers.add("Set-Cookie", "theme=dark; Max-Age=60")
    return response


@app.route(route="nothing")
def nothing(req: func.HttpRequest) -> None:
    return None


@app.route(route="broken")
def broken(req: func.HttpRequest) -> str:
    raise RuntimeError("a secret in the message")


@app.route(route="wrong")
def wrong(req: func.HttpRequest) -> dict:
    return {"no": "response"}


@app.route(route="locked", auth_level=func.AuthLevel.FUNCTION)
def locked(req: func.HttpRequest) -> str:
    return "open"


@app.route(route="vault", auth_level=func.AuthLevel.ADMIN)
def vault(req: func.HttpRequest) -> str:
    return "open"


meeting = threading.Barrier(2, timeout=10)


@app.route(route="meet")
def meet(req: func.HttpRequest) -> str:
    """Answers only when two calls run at the same time."""
    meeting.wait()
    return "met"


@app.route(route="loop")
async def loop(req: func.HttpRequest) -> str:
    return str(id(asyncio.get_running_loop()))
