"""Finding the functions of an app: import function_app.py, read what its decorators registered."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import azure.functions as func

from local.host.bus_binding import Output
from local.host.bus_config import declare, read_namespace
from local.host.bus_model import Namespace
from local.host.config import app_setting
from local.host.invoke import AppFunction, Invoker
from local.host.model import ActivityFunction, EntityFunction, Functions, OrchestratorFunction
from local.host.namespaces import configured, entity_of
from local.host.sdk import orchestrator

_DURABLE_TRIGGERS = {"orchestrationTrigger", "activityTrigger", "entityTrigger"}
_TRIGGERS = {"httpTrigger", "timerTrigger", "serviceBusTrigger"} | _DURABLE_TRIGGERS
_REQUIRED = inspect.Parameter.empty
_COLLECTING = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_SUPPORTED = _TRIGGERS | {"http", "durableClient", "serviceBus"}
_Parameters = Mapping[str, inspect.Parameter]


class LoadError(Exception):
    """The folder holds no app that can be run; the text says why."""


@dataclass
class App:
    """The functions of an app by kind; `warnings` names what this host leaves out and why."""

    http: list[AppFunction] = field(default_factory=list)
    timers: list[AppFunction] = field(default_factory=list)
    messages: list[AppFunction] = field(default_factory=list)
    activities: dict[str, AppFunction] = field(default_factory=dict)
    orchestrators: dict[str, OrchestratorFunction] = field(default_factory=dict)
    entities: dict[str, EntityFunction] = field(default_factory=dict)
    namespace: Namespace = field(default_factory=Namespace)
    warnings: list[str] = field(default_factory=list)

    def durable(self, invoker: Invoker) -> Functions:
        """The functions that the engine runs, keyed by lower-cased name."""
        activities = {key: _activity(function, invoker) for key, function in self.activities.items()}
        return Functions(self.orchestrators, activities, self.entities)


def load_app(app_dir: Path) -> App:
    """Import APP_DIR/function_app.py and index it. Raises LoadError; its cause is what the app's own code raised."""
    app = App(namespace=read_namespace(app_dir))
    for function in _registered(_import_app(app_dir)):
        _index(function, app)
    return app


def _import_app(app_dir: Path) -> Mapping[str, Any]:
    if not (app_dir / "function_app.py").is_file():
        raise LoadError(f"{app_dir} has no function_app.py{_older_model(app_dir)}")
    sys.path[:0] = [str(app_dir), str(app_dir / ".python_packages" / "lib" / "site-packages")]
    try:
        return vars(importlib.import_module("function_app"))
    except ModuleNotFoundError as error:
        remedy = "install what its requirements.txt names with this host's Python"
        raise LoadError(f"function_app.py could not be imported: {error}; {remedy} ({sys.executable})") from error
    except Exception as error:
        raise LoadError(f"function_app.py could not be imported: {type(error).__name__}: {error}") from error


def _older_model(app_dir: Path) -> str:
    old = next(app_dir.glob("*/function.json"), None)
    return f"; {old.parent.name}/function.json is of the v1 programming model, which is not run here" if old else ""


def _registered(module: Mapping[str, Any]) -> list[Any]:
    apps = {id(value): value for value in module.values() if isinstance(value, func.FunctionRegister)}
    if len(apps) != 1:
        raise LoadError(f"function_app.py must define exactly one FunctionApp or DFApp; it defines {len(apps)}")
    try:
        # Once only: the SDK takes a second call for a registration of the same names.
        return list(apps.popitem()[1].get_functions())
    except ValueError as error:
        raise LoadError(str(error)) from error


def _index(registered: Any, app: App) -> None:
    name, trigger = registered.get_function_name(), registered.get_trigger()
    unsupported = {binding.type for binding in registered.get_bindings()} - _SUPPORTED
    if _is_disabled(name):
        app.warnings.append(f"{name} is left out: an app setting disables it")
    elif unsupported:
        app.warnings.append(f"{name} is left out: this host does not serve {', '.join(sorted(unsupported))}")
    elif trigger.type == "orchestrationTrigger":
        durable_name = trigger.orchestration or name
        _add_named(app.orchestrators, durable_name, orchestrator(durable_name, registered.get_user_function()))
    elif trigger.type == "entityTrigger":
        _add_entity(trigger.entity_name or name, registered.get_user_function(), app)
    elif trigger.type == "activityTrigger":
        _add_named(app.activities, trigger.activity or name, _describe(name, registered, app))
    else:
        kinds = {"httpTrigger": app.http, "timerTrigger": app.timers, "serviceBusTrigger": app.messages}
        kinds[trigger.type].append(_describe(name, registered, app))


def _is_disabled(name: str) -> bool:
    settings = (f"AzureWebJobs.{name}.Disabled", f"AzureWebJobs__{name}__Disabled")
    return any((app_setting(setting) or "").lower() in ("1", "true") for setting in settings)


def _describe(name: str, registered: Any, app: App) -> AppFunction:
    call, bindings = registered.get_user_function(), registered.get_bindings()
    clients = [binding for binding in bindings if binding.type == "durableClient"]
    parameters = inspect.signature(call).parameters
    app.warnings += _doubts(name, registered, clients, parameters)
    trigger = registered.get_trigger()
    sends = [binding for binding in bindings if binding.type == "serviceBus"]
    outputs = tuple(_output(binding, app.namespace) for binding in sends)
    receives = trigger.type == "serviceBusTrigger"
    connection = configured(trigger) if receives else ""
    return AppFunction(
        name,
        call,
        inspect.iscoroutinefunction(call),
        trigger,
        clients=tuple(client.name for client in clients),
        wants_context="context" in set(parameters) - {binding.name for binding in bindings},
        outputs=outputs,
        source=_entity(trigger, connection, app.namespace) if receives else "",
        takes_many=receives and trigger.cardinality is func.Cardinality.MANY,
        connection=connection,
    )


def _output(binding: Any, namespace: Namespace) -> Output:
    connection = configured(binding)
    return Output(binding.name, _entity(binding, connection, namespace), namespace, connection)


def _entity(binding: Any, connection: str, namespace: Namespace) -> str:
    """What it names; unless a connection says that it is Azure's, the host's own is made."""
    return entity_of(binding) if connection else declare(namespace, binding)


def _doubts(name: str, registered: Any, clients: list[Any], parameters: _Parameters) -> Iterator[str]:
    if any(client.task_hub or client.connection_name for client in clients):
        yield f"{name}: task_hub and connection_name of its durable client are ignored; there is one hub"
    # The SDK wraps a function with a client in an async one and awaits the user's function inside.
    if clients and not inspect.iscoroutinefunction(inspect.unwrap(registered.get_user_function())):
        yield f"{name} takes a durable client and must be 'async def'; calls will fail"
    if missing := _unbound(registered, parameters):
        yield f"{name} takes {', '.join(missing)}, which no binding gives; calls will fail, and Azure will not load it"
    if registered.get_setting("retry_policy"):
        yield f"{name}: its retry policy has no effect"


def _unbound(registered: Any, parameters: _Parameters) -> list[str]:
    bound = {"context", *(binding.name for binding in registered.get_bindings())}
    named = [parameter for parameter in parameters.values() if parameter.kind not in _COLLECTING]
    return [parameter.name for parameter in named if parameter.name not in bound and parameter.default is _REQUIRED]


def _add_named(table: dict[str, Any], name: str, function: Any) -> None:
    if name.lower() in table:
        raise LoadError(f"two functions are named {name!r}; durable names ignore case")
    table[name.lower()] = function


def _add_entity(name: str, handle: Any, app: App) -> None:
    if inspect.iscoroutinefunction(handle.entity_function):
        app.warnings.append(f"{name} is left out: the SDK does not await entities; it must be 'def'")
    else:
        _add_named(app.entities, name, EntityFunction(name, handle))


def _activity(function: AppFunction, invoker: Invoker) -> ActivityFunction:
    return ActivityFunction(
        function.trigger.activity or function.name,
        invoker.activity(function),
        function.is_async,
    )
