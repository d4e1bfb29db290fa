"""The page of the watch list."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from functions.flows import watch_flow
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import watch
from shared.domain.watch import MARKS, WatchRequest


def listing(call: Call) -> Answer[str]:
    """What is watched, and what changed there."""
    every = [watch.shown(call.ports, call.scope, each.id) for each in watch.listing(call.ports, call.scope)]
    found = watch.gaps(call.ports, call.scope)
    return html(call, "watch", here="watch", watches=every, marks=MARKS, gaps=found)


def create(call: Call) -> Answer[str]:
    """Watch something; a line each for words and for seasons."""
    try:
        asked = WatchRequest.model_validate(_given(call.form))
    except ValidationError as error:
        raise rejected(error, "form") from None
    made = watch.add(call.ports, call.scope, call.principal, asked)
    return see(f"/watch#{made.id}", start=[watch_flow(call.scope, made)])


def again(call: Call) -> Answer[str]:
    """Read it now."""
    found = watch.again(call.ports, call.scope, call.path["id"], call.principal)
    return see(f"/watch#{found.id}", ring=[watch_flow(call.scope, found).instance_id])


def remove(call: Call) -> Answer[str]:
    """Watch it no longer."""
    gone = watch.remove(call.ports, call.scope, call.path["id"], call.principal)
    return see("/watch", ring=[watch_flow(call.scope, gone).instance_id])


def _given(form: dict[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {name: form[name].strip() for name in ("name", "about", "url", "licence") if name in form}
    if form.get("reads"):
        said["reads"] = form["reads"]
    said["terms"] = [line.strip() for line in form.get("terms", "").splitlines() if line.strip()]
    seasons = [line.split() for line in form.get("seasons", "").splitlines() if line.strip()]
    said["seasons"] = [
        {"name": " ".join(words[:-2]), "start": words[-2], "end": words[-1]} if len(words) > 2 else {"name": words[0]}
        for words in seasons
    ]
    return said
