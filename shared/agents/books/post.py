"""Invoices and reminders leave as mails, each a row of the ledger under a name that never changes: once, whatever is
killed or run again."""

from __future__ import annotations

from shared.agents import house
from shared.agents.books import invoices, paper
from shared.agents.distribute.alone import Letter, check_way, send_alone
from shared.domain.campaign import Sender
from shared.domain.faults import Conflict
from shared.domain.invoice import REFUSED, Invoice
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.ports.books import Bill, Declined
from shared.render.document_words import day
from shared.render.invoice_mail import letter
from shared.render.invoice_words import INVOICE_WORDS, money_text
from shared.render.personal import Rendered

LEFT = ("submitted", "accepted", "delivered")
_SAID = {
    "en": (
        "{what} {number} from {seller}",
        "here is our {what} {number} of {day} over {total}{due}.",
        "Open the invoice",
        ", due on {due}",
    ),
    "de": (
        "{what} {number} von {seller}",
        "anbei unsere {what} {number} vom {day} über {total}{due}.",
        "Rechnung öffnen",
        ", fällig am {due}",
    ),
}


def send(ports: Ports, scope: Scope, by: str, id: str) -> Invoice:
    """Have it leave to its buyer, with a number if it had none. What has left is only shown; whose mail was refused is
    tried again. Killed after its number, it is still on record that it is to leave.

    Raises Missing; Conflict if there is no address, no sender, or the mail cannot leave; Rejected as `issue` does."""
    found = invoices.get(ports, scope, id)
    if found.mail in LEFT or found.status == "cancelled":
        return found
    _check(ports, scope, found)
    invoices.issue(ports, scope, by, id, sending=True)
    found = _presented(ports, scope, _intended(ports, scope, found))
    if found.status == "cancelled":
        return found
    paper.pdf(ports, scope, found)
    step = f"send-{found.tries + 1}" if found.tries else "send"
    state = _mail(ports, scope, found, step, _letter(ports, scope, found))
    return _left(ports, scope, found, state)


def remind(ports: Ports, scope: Scope, found: Invoice, stage: int, title: str, text: str, tries: int = 0) -> str:
    """The mail of one stage of dunning, of which so many were refused before; the ledger's state of it."""
    words, language = INVOICE_WORDS[found.language], found.language
    open_ = money_text(found.open, found.currency, language)
    due = f"{words['due']}: {day(found.due_on, language)}" if found.due_on else ""
    about = f"{words['invoice']} {found.number}: {open_}. {due}"
    button = _SAID[language][2]
    made = letter(
        f"{title}: {words['invoice']} {found.number}", [text, about], button, link(ports, scope, found),
        _seller(found), language,
    )  # fmt: skip
    step = f"remind-{stage + 1}" + (f"-{tries + 1}" if tries else "")
    return _mail(ports, scope, found, step, made)


def link(ports: Ports, scope: Scope, found: Invoice) -> str:
    """The page on which the client reads and pays it. It does not end: an invoice is kept for years."""
    token = sign(Link("n", scope, found.id, 0, found.number), ports.keys.link)
    return f"{ports.public_url}/api/n/{token}"


def withdraw(ports: Ports, scope: Scope, found: Invoice) -> None:
    """Nobody can pay it any more where the books offered that. Repeatable. Raises Unavailable."""
    if ports.books is not None and found.pay_url:
        ports.books.withdraw(scope, bill_of(found))


def bill_of(found: Invoice) -> Bill:
    """As the books are asked for it."""
    return Bill(found.id, found.number, found.purpose, found.open, found.currency, found.pay_reference or "")


def _intended(ports: Ports, scope: Scope, before: Invoice) -> Invoice:
    """On record that it is to leave; a mail that was refused makes way for the next, which is a row of its own."""
    now = ports.clock.now().replace(microsecond=0)

    def put(found: Invoice) -> None:
        if found.status == "cancelled" or found.mail in LEFT:
            return
        if found.mail in REFUSED and found.tries == before.tries:
            found.mail, found.tries = None, found.tries + 1
        found.sending, found.next_at = True, found.next_at or now

    return invoices.INVOICES.change(ports, scope, before.id, put)


def _presented(ports: Ports, scope: Scope, found: Invoice) -> Invoice:
    """With an address to pay at, if the books offer one; they may be asked again, and answer the same. What they
    decline leaves without, and says why."""
    if found.kind != "invoice" or found.pay_reference or ports.books is None or found.open <= 0:
        return found
    try:
        shown, declined = ports.books.present(scope, bill_of(found)), ""
    except Declined as why:
        shown, declined = None, str(why)[:300]

    def put(now: Invoice) -> None:
        now.pay_declined = declined
        if shown:
            now.pay_reference, now.pay_url = shown.reference, shown.url

    return invoices.INVOICES.change(ports, scope, found.id, put)


def _left(ports: Ports, scope: Scope, found: Invoice, state: str) -> Invoice:
    now = ports.clock.now()

    def put(sent: Invoice) -> None:
        if sent.tries != found.tries or (sent.mail in LEFT and state not in LEFT):
            return
        sent.mail = state
        if state in LEFT:
            sent.sending, sent.next_at = False, sent.next_at or now.replace(microsecond=0)
            sent.sent_at = sent.sent_at or now
            sent.simulated = simulated(ports)
            sent.status = "sent" if sent.status == "issued" else sent.status

    after = invoices.INVOICES.change(ports, scope, found.id, put)
    if found.mail != state:
        ports.journal.append(scope, f"invoice/{found.id}", now, "books", "mailed", {"state": state})
    return after


def simulated(ports: Ports) -> bool:
    """Mail does not leave this machine: no server for the world is set up."""
    return not ports.relays


def sender_of(ports: Ports, scope: Scope) -> Sender:
    """Who the workspace writes as. Raises Conflict."""
    if (found := house.read(ports, scope).sender) is None:
        raise Conflict("sender", "say first who writes: Settings, or baton house")
    return found


def _check(ports: Ports, scope: Scope, found: Invoice) -> None:
    """Before it gets a number: nothing is numbered that cannot leave."""
    sender_of(ports, scope)
    if found.buyer.email is None:
        raise Conflict("buyer.email", "there is no address to send it to; issue it and hand over the PDF")
    if not found.number:
        check_way(ports, scope, found.buyer.email)


def _mail(ports: Ports, scope: Scope, found: Invoice, step: str, made: Rendered) -> str:
    if found.buyer.email is None:
        return "no_address"
    place = f"{Kind.INVOICE}-{found.id}"
    row = send_alone(ports, scope, Letter(place, step, "invoice", sender_of(ports, scope), found.buyer.email, made))
    return row.state


def _letter(ports: Ports, scope: Scope, found: Invoice) -> Rendered:
    words, language = INVOICE_WORDS[found.language], found.language
    subject, said, button, due = _SAID[language]
    assert found.issued_on is not None
    told = {
        "what": words[found.kind], "number": found.number, "seller": _seller(found),
        "day": day(found.issued_on, language),
        "total": money_text(abs(found.totals.gross), found.currency, language),
        "due": due.format(due=day(found.due_on, language)) if found.due_on and found.kind == "invoice" else "",
    }  # fmt: skip
    body = said.format(**told)
    paragraphs = [body[0].upper() + body[1:], *([found.purpose] if found.purpose else [])]
    return letter(subject.format(**told), paragraphs, button, link(ports, scope, found), _seller(found), language)


def _seller(found: Invoice) -> str:
    return found.terms.seller.name if found.terms else ""
