"""What follows when both sides have signed: the sealed file, the deal, the invoices, the client's copy. Each step says
for itself whether it is done, so whoever is killed in between, and whoever does it at the same time, does it once."""

from __future__ import annotations

from contextlib import suppress

from shared.agents import deals
from shared.agents.books import plans, turn
from shared.agents.propose.contract_paper import seal
from shared.agents.propose.contract_post import mail
from shared.agents.propose.contract_writing import today
from shared.agents.propose.contracts import CONTRACTS, content_of, note, note_signatures
from shared.agents.propose.mailing import LEFT, REFUSED
from shared.domain.contract import Contract, ContractContent
from shared.domain.contract_words import WORDS
from shared.domain.deal import STAGES, Stage
from shared.domain.faults import Conflict, Missing
from shared.domain.invoice_plan import PlanRequest
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports

_IN_DOUBT = (
    "the sender was stopped while the mail with the client's copy left, and whether it did is not known. It is looked "
    "at again. If you know that nothing came, send it again; the sealed file is behind the client's link in any case."
)


def conclude(ports: Ports, scope: Scope, id: str) -> Contract:
    """Carry out what both have signed, as far as it is not done. Whatever it raises stands on the contract as well
    (Conflict: something is missing for it just now), and the sweep tries again."""
    found = CONTRACTS.load(ports, scope, id)
    if found.status != "signed" or not found.pending or found.current is None:
        return found
    content = content_of(ports, scope, found, found.current.version)
    try:
        note_signatures(ports, scope, found)  # of both: the other side may have been killed ahead of that
        _seal(ports, scope, found)
        _move(ports, scope, found)
        _plan(ports, scope, found, content)
        row = mail(ports, scope, found, content, found.current.version, "signed", _copy_step(found))
    except Conflict as error:
        if error.error.field == "to":  # nobody there wants mail any more: the file is behind their link
            return CONTRACTS.change(ports, scope, id, _done)
        _say(ports, scope, id, f"{error.error.field}: {error.error.reason}")
        raise
    except Exception as fault:
        _say(ports, scope, id, f"both have signed, and what follows failed here ({type(fault).__name__})")
        raise
    return _copied(ports, scope, found, row)


def follow_up(ports: Ports, scope: Scope, after: Contract) -> Contract:
    """`conclude` for who has done their part: what is in the way stands on the contract, and is no fault of theirs; the
    sweep tries again, and reports it."""
    with suppress(Exception):
        return conclude(ports, scope, after.id)
    with suppress(Exception):
        return CONTRACTS.load(ports, scope, after.id)
    return after


def copy_again(ports: Ports, scope: Scope, id: str, by: str) -> Contract:
    """Have the client's copy leave once more, because its mail was refused or nobody knows whether it left. Raises
    Missing, and Conflict if it left, or is about to."""

    def begin(found: Contract) -> None:
        if not found.copy_lost:
            raise Conflict("copy", "it is sent again only when its mail was refused, or nobody knows whether it left")
        found.copy_mail, found.copy_tries, found.pending, found.held = "", found.copy_tries + 1, True, ""

    after = CONTRACTS.change(ports, scope, id, begin)
    note(ports, scope, id, by, "copied", attempt=after.copy_tries)
    return follow_up(ports, scope, after)


def tell_sent(ports: Ports, scope: Scope, found: Contract) -> None:
    """The deal of a contract that the client has in hand stands at least at *contract*. Repeatable."""
    if found.current and not found.is_signed:
        _forward(ports, scope, found, "contract", f"version {found.current.version} of the contract was sent")


def _forward(ports: Ports, scope: Scope, found: Contract, to: Stage, why: str) -> None:
    """Move the deal to this stage unless it is further already; what was lost is taken up again. An erased deal is
    moved no more."""
    try:
        stage = deals.get(ports, scope, found.deal).stage
        if stage == "lost" or STAGES.index(stage) < STAGES.index(to):
            deals.move(ports, scope, found.deal, to, f"contract:{found.id}", why)
    except Missing:
        pass


def _say(ports: Ports, scope: Scope, id: str, why: str) -> None:
    CONTRACTS.change(ports, scope, id, lambda each: setattr(each, "held", f"{why}; it is tried again"))


def _copied(ports: Ports, scope: Scope, found: Contract, row: LedgerRow) -> Contract:
    """Note what became of the mail with the client's copy. Only one that left is done with."""

    def keep(each: Contract) -> None:
        if each.copy_tries != found.copy_tries:
            return
        each.copy_mail, each.pending = row.state, row.state not in (*LEFT, *REFUSED)
        each.held = "" if row.state in LEFT else _IN_DOUBT
        if row.state in REFUSED:
            each.held = f"the mail with the client's copy was refused: {row.detail or row.state}"[:2000]

    return CONTRACTS.change(ports, scope, found.id, keep)


def _copy_step(found: Contract) -> str:
    return f"signed-{found.copy_tries}" if found.copy_tries else "signed"


def _done(found: Contract) -> None:
    found.pending, found.held = False, ""


def _seal(ports: Ports, scope: Scope, found: Contract) -> None:
    if not found.sealed:
        made = seal(ports, scope, found)
        CONTRACTS.change(ports, scope, found.id, lambda each: setattr(each, "sealed", made))
        note(ports, scope, found.id, "schedule", "sealed", sealed=made)


def _move(ports: Ports, scope: Scope, found: Contract) -> None:
    if not found.moved:
        assert found.current is not None, "checked"
        _forward(ports, scope, found, "signed", f"both have signed version {found.current.version} of the contract")
        CONTRACTS.change(ports, scope, found.id, lambda each: setattr(each, "moved", True))


def _plan(ports: Ports, scope: Scope, found: Contract, content: ContractContent) -> None:
    """Its id is the contract's, so there is one."""
    if found.plan:
        return
    schedule = content.dates.from_day(content.lines, today(ports), WORDS[content.language]["whole"])
    request = PlanRequest(
        buyer=content.client, lines=content.lines, currency=content.currency, language=content.language,
        schedule=schedule, deal=found.deal,
    )  # fmt: skip
    made = plans.agree(ports, scope, f"contract:{found.id}", request, found.id, found.id)
    turn.stir(ports, scope)
    CONTRACTS.change(ports, scope, found.id, lambda each: setattr(each, "plan", made.id))
    note(ports, scope, found.id, "schedule", "planned", invoices=len(made.instalments))
