"""What a step can do. A type is one row of `TYPES`: its name in plans → `module:Class` below this package; the class is
imported when a plan names it."""

from __future__ import annotations

from importlib import import_module

from shared.domain.names import Verb
from shared.process.steps.call import StepType

TYPES: dict[str, str] = {
    "files.list": "files:List",
    "files.copy": "files:Copy",
    "files.move": "files:Move",
    "files.delete": "files:Delete",
    "files.hash": "files:Hash",
    "files.verify": "files:Verify",
    "files.split": "files:Split",
    "files.merge": "files:Merge",
    "files.archive": "archive:Archive",
    "files.extract": "archive:Extract",
    "read": "read:Read",
    "read.text": "text:Text",
    "read.campaigns": "campaigns:Campaigns",
    "check": "check:Check",
    "transform": "transform:Transform",
    "sql.load": "sql:Load",
    "sql.query": "sql:Query",
    "output": "output:Output",
    "decrypt": "output:Decrypt",
    "document": "document:Document",
    "script": "script:Script",
    "run": "executable:Executable",
    "notify.email": "notify:Email",
    "notify.sms": "notify:Sms",
    "notify.chat": "notify:Chat",
    "notify.webhook": "notify:Webhook",
    **{verb: f"agent:{verb.capitalize()}" for verb in Verb},
    "http.get": "http:HttpGet",
    "http.put": "http:HttpPut",
    "http.post": "http:HttpPost",
    "approve": "approve:Approve",
    "value": "value:Value",
    "wait": "wait:Wait",
    "process": "subprocess:Process",
}


def step_type(name: str) -> type[StepType]:
    """The class behind a type's name. Raises KeyError."""
    module, _, cls = TYPES[name].partition(":")
    found: type[StepType] = getattr(import_module(f"shared.process.steps.{module}"), cls)
    return found


def is_light(name: str) -> bool:
    """Whether a step of this type only works out values; False if there is no such type."""
    return name in TYPES and step_type(name).light
