"""Which stored documents need a flow. Imported at the first call."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, get_args

import azure.durable_functions as df

from functions.flows import (
    again_flows,
    books_flow,
    campaign_flow,
    discovery_flow,
    erasure_flow,
    import_flow,
    journey_flow,
    opt_in_flow,
    piece_flow,
    renewal_flow,
    run_flow,
    task_flow,
    watch_flow,
)
from functions.unreadable import tell as tell_unreadable
from functions.wake import revive, ring
from shared.access.call import Start
from shared.agents import (
    calendar,
    campaigns,
    events,
    feedback,
    inbound,
    journeys,
    knowledge,
    mailbox,
    pieces,
    tables,
    tasks,
    unknown,
)
from shared.agents.books import turn
from shared.agents.campaigns import ask
from shared.agents.contacts import confirmations
from shared.agents.deals import second_reading
from shared.agents.deals.asking import look_after as look_after_questions
from shared.agents.encryption import renewal
from shared.agents.privacy import erase, export, retention
from shared.agents.propose import contract_sending, sending
from shared.agents.qualify import lists
from shared.agents.scopes import every_scope, is_archived, working_scopes
from shared.agents.watch import books as watching
from shared.domain.campaign import ENDED, Campaign, Status
from shared.domain.imports import Import
from shared.domain.journey_state import STILL_ON, Journey
from shared.domain.lead_list import LeadList
from shared.domain.names import Flow, Kind
from shared.domain.piece import UNFINISHED, Piece
from shared.domain.privacy import Erasure
from shared.domain.run import RUN_UNDER_WAY, Run
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.task import UNDER_WAY
from shared.domain.watch import Watch
from shared.logs import log
from shared.ports import Document, Ports
from shared.process import execute, triggers
from shared.process.trash import empty_trash
from shared.process.workplace import sweep as sweep_work

_UNDER_WAY = [status for status in get_args(Status) if status not in ENDED]


class FlowsFound(NamedTuple):
    """How many flows of each kind are under way, how many seconds the oldest waits for its first turn, and which had
    broken. `in_order`: each goes on by itself."""

    still_on: Counter[str]
    longest: float
    broken: Counter[str]
    in_order: bool


async def look_after(client: df.DurableOrchestrationClient, ports: Ports) -> FlowsFound:
    """Revive what was accepted and has no flow, and give up what broke; how the flows do."""
    still_on, broken, ages, in_order = Counter[str](), Counter[str](), [0.0], True
    for flow in await asyncio.to_thread(lambda: list(flows_under_way(ports))):
        stands = await revive(client, flow)
        in_order = in_order and stands.on_its_way
        if stands.broken:
            broken[flow.flow] += 1
            await asyncio.to_thread(give_up, ports, flow)
            continue
        still_on[flow.flow] += 1
        if stands.pending_since:
            ages.append((ports.clock.now() - stands.pending_since).total_seconds())
    for bell in await asyncio.to_thread(lambda: list(bells(ports))):
        await ring(client, bell)
    return FlowsFound(still_on, max(ages), broken, in_order)


def bells(ports: Ports) -> Iterator[str]:
    """The flows of journeys that sleep although there is something to do that nobody told them: a mail of theirs leaves
    once more because it was proved never to have left, or a change may take effect."""
    for scope in every_scope(ports):
        for document in _documents(ports, scope, Kind.JOURNEY, Filter("status", "eq", "running")):
            journey = Journey.model_validate(document.body)
            if journeys.is_to_wake(ports, scope, journey):
                yield journey_flow(scope, journey).instance_id


def flows_under_way(ports: Ports) -> Iterator[Start]:
    """The flow of every campaign, import and opt-in request, in every registered scope, that has not ended; and of what
    each agency has encrypted, while it has to be moved to a newer key."""
    for scope in every_scope(ports):
        for document in _documents(ports, scope, Kind.CAMPAIGN, Filter("status", "in", _UNDER_WAY)):
            campaign = Campaign.model_validate(document.body)
            yield campaign_flow(scope, campaign)
            yield from again_flows(scope, campaign)
        for document in _documents(ports, scope, Kind.TASK, Filter("status", "in", list(UNDER_WAY))):
            yield task_flow(scope, document.id, document.body["run"])
        for document in _documents(ports, scope, Kind.IMPORT, Filter("status", "eq", "running")):
            yield import_flow(scope, Import.model_validate(document.body))
        for asking in confirmations.open_askings(ports, scope):
            yield opt_in_flow(scope, asking)
        for document in _documents(ports, scope, Kind.PIECE, Filter("status", "in", list(UNFINISHED))):
            yield piece_flow(scope, Piece.model_validate(document.body))
        for document in _documents(ports, scope, Kind.ERASURE, Filter("status", "eq", "running")):
            yield erasure_flow(scope, Erasure.model_validate(document.body))
        for document in _documents(ports, scope, Kind.RUN, Filter("status", "in", list(RUN_UNDER_WAY))):
            if document.body["parent"] is None:  # the flow of another run starts it
                yield run_flow(scope, Run.model_validate(document.body))
        for document in _documents(ports, scope, Kind.JOURNEY, Filter("status", "in", list(STILL_ON))):
            yield journey_flow(scope, Journey.model_validate(document.body))
        if (books := turn.running(ports, scope)) and not is_archived(ports, scope):
            yield books_flow(scope, books.attempt)
        for document in _documents(ports, scope, Kind.LEAD_LIST, Filter("status", "eq", "running")):
            yield discovery_flow(scope, LeadList.model_validate(document.body))
        for document in _documents(ports, scope, Kind.WATCH, Filter("status", "eq", "running")):
            yield watch_flow(scope, Watch.model_validate(document.body))
    for tenant in ports.tenants:
        if found := renewal.due(ports, tenant):
            yield renewal_flow(tenant, found)


def remove_old(ports: Ports) -> None:
    """In every registered scope and in what its agency shares, what is older than its category is kept; and what steps
    of processes put aside a month ago, or left on this machine when they were killed."""
    scopes = list(every_scope(ports))
    for scope in {*scopes, *(each.agency for each in scopes)}:
        retention.apply(ports, scope)
        empty_trash(ports, scope, ports.clock.now())
        if ports.folders is not None:
            ports.folders.sweep(scope)
    sweep_work(ports)


def reconcile(ports: Ports) -> int:
    """Look after the unknown messages of every registered scope; returns how many are left for a person. After that
    what was borrowed is looked after as well: published calendars are read anew, for so long as is allowed. Whatever
    their servers do, no message waits for them."""
    scopes = list(every_scope(ports))
    left = sum(unknown.reconcile(ports, scope) for scope in scopes)
    for scope in scopes:
        feedback.forget(ports, scope)
        knowledge.tidy(ports, scope)
        export.expire(ports, scope)
        tables.expire(ports, scope)
        events.forget(ports, scope)
    calendar.refresh(ports, working_scopes(ports))
    return left


def read_mailbox(ports: Ports) -> tuple[int, int]:
    """Take what came back, and what strangers write; returns how many mails were read, and how many were one of
    both."""
    return mailbox.read(ports, tell_unreadable)


def begin_by_itself(ports: Ports) -> bool:
    """Start the runs whose time, file or event has come, in every scope that is not archived. Whether nothing failed;
    what fails is done at the next sweep."""
    failed = 0
    for scope in working_scopes(ports):
        try:
            for trigger, fault in triggers.act(ports, scope).items():
                failed += 1
                log().warning("trigger failed; it is tried again", trigger=trigger, exception=repr(fault))
            events.route(ports, scope, triggers.listener(ports, scope))
        except Exception as fault:  # whatever a store says
            failed += 1
            log().warning("triggers not looked at; they will be", scope=str(scope), exception=repr(fault))
    return not failed


def tell(ports: Ports) -> bool:
    """Tell other systems what happened in every registered scope. What fails in one is told at the next sweep, and
    keeps no other waiting. Whether nothing failed."""
    failed = 0
    for scope in every_scope(ports):
        try:
            execute.late(ports, scope)
            if not is_archived(ports, scope):
                ask.look_after(ports, scope)
                inbound.look_after(ports, scope)
                look_after_questions(ports, scope)
                for proposal, fault in sending.look_after(ports, scope).items():
                    failed += 1
                    log().warning("proposal not looked after; it will be", proposal=proposal, exception=repr(fault))
                for contract, fault in contract_sending.look_after(ports, scope).items():
                    failed += 1
                    log().warning("contract not looked after; it will be", contract=contract, exception=repr(fault))
            events.tell(ports, scope, triggers.listener(ports, scope))
        except Exception as fault:  # whatever the bus or a store says
            failed += 1
            log().warning("events not told; they will be", scope=str(scope), exception=repr(fault))
    return not failed


def read_again(ports: Ports) -> bool:
    """Have a model read what clients wrote. Nobody waits for it: it goes on for half a minute, after everything else.
    Whether there was time for all."""
    until, all_read = ports.clock.now() + second_reading.LOOK, True
    for scope in working_scopes(ports):
        try:
            all_read = second_reading.look_after(ports, scope, until) and all_read
        except Exception as fault:  # whatever a store says
            all_read = False
            log().warning("needs not read by a model; they will be", scope=str(scope), exception=repr(fault))
    return all_read


def give_up(ports: Ports, flow: Start) -> None:
    """Say on what it carried that its flow broke. Whoever has not got the message will not get it by itself."""
    scope, why = Scope(*flow.input["scope"]), "a step kept failing or was stopped; the log has the rest"
    if flow.flow == Flow.CAMPAIGN:
        campaigns.fail(ports, scope, flow.input["campaign"], why, flow.input["attempt"])
    elif flow.flow == Flow.OPT_IN:
        confirmations.fail(ports, scope, flow.input["asking"], why)
    elif flow.flow == Flow.TASK:
        tasks.give_up(ports, scope, flow.input["task"], flow.input["run"], why)
    elif flow.flow == Flow.PIECE:
        pieces.fail(ports, scope, flow.input["piece"], why)
    elif flow.flow == Flow.ERASURE:
        erase.again(ports, scope, flow.input["erasure"])
    elif flow.flow == Flow.RENEWAL:
        renewal.again(ports, scope.tenant, flow.input["attempt"])
    elif flow.flow == Flow.JOURNEY:
        journeys.give_up(ports, scope, flow.input["journey"], flow.input["attempt"], why)
    elif flow.flow == Flow.BOOKKEEPING:
        turn.give_up(ports, scope, flow.input["attempt"])
    elif flow.flow == Flow.DISCOVERY:
        lists.fail(ports, scope, flow.input["list"], why)
    elif flow.flow == Flow.WATCH:
        watching.give_up(ports, scope, flow.input["watch"], flow.input["attempt"])
    elif flow.flow == Flow.RUN:
        execute.give_up(ports, scope, flow.input["run"], flow.input["attempt"], why)


def _documents(ports: Ports, scope: Scope, kind: Kind, still_on: Filter) -> Iterator[Document]:
    cursor = None
    while True:
        page = ports.documents.find(scope, kind, [still_on], cursor=cursor)
        yield from page.documents
        cursor = page.cursor
        if cursor is None:
            return
