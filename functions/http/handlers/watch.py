"""The watch list over HTTP."""

from __future__ import annotations

from functions.flows import watch_flow
from shared.access.call import Answer, Call, Listing
from shared.agents import watch
from shared.domain.watch import Gap, Watch, WatchRequest, WatchShown


def listing(call: Call) -> Answer[Listing[Watch]]:
    """What is watched, by name; `trouble` says why a source could not be read."""
    return Answer(Listing(items=watch.listing(call.ports, call.scope)))


def create(call: Call, body: WatchRequest) -> Answer[Watch]:
    """Watch a feed, a page or seasons from now on."""
    made = watch.add(call.ports, call.scope, call.principal, body)
    at = {"Location": f"/api/v1/watches/{made.id}"}
    return Answer(made, status=201, headers=at, start=[watch_flow(call.scope, made)])


def gaps(call: Call) -> Answer[Listing[Gap]]:
    """Words that are watched at competitors: who shows them now, and which offers of ours name them."""
    return Answer(Listing(items=watch.gaps(call.ports, call.scope)))


def show(call: Call) -> Answer[WatchShown]:
    """What was seen there: dated, with link, source and terms, counted by week, marked new, rising, steady or gone."""
    return Answer(watch.shown(call.ports, call.scope, call.path["id"]))


def remove(call: Call) -> Answer[Watch]:
    """Watch it no longer; what was seen goes, too."""
    gone = watch.remove(call.ports, call.scope, call.path["id"], call.principal)
    return Answer(gone, ring=[watch_flow(call.scope, gone).instance_id])


def again(call: Call) -> Answer[Watch]:
    """Read its source now, unless that was done within five minutes."""
    found = watch.again(call.ports, call.scope, call.path["id"], call.principal)
    return Answer(found, status=202, ring=[watch_flow(call.scope, found).instance_id])
