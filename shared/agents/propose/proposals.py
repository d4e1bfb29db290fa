"""Proposals as people write them: begun, changed, compared, put up for approval. Nothing of it leaves from here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import uuid_utils

from shared.agents import deals
from shared.agents.propose import offers
from shared.agents.propose.grounds import quotes_of
from shared.agents.propose.priced import Whole, price_options, refusals, whole
from shared.agents.propose.wording import begins_with_quotes, options, paragraphs, situation
from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.fact import ConfirmedFact
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.offer import OfferTerms
from shared.domain.proposal import (
    MOST_VERSIONS,
    Content,
    Option,
    Paragraph,
    Proposal,
    ProposalRequest,
    ProposalShown,
    ProposalVersion,
    Stored,
)
from shared.domain.proposal_text import HEADINGS, PARTS, WrittenPart, paragraph_digest
from shared.domain.scope import Scope
from shared.domain.seal import digest
from shared.domain.segment import Filter
from shared.domain.wording import BUILT_IN_WRITER
from shared.ports import Order, Ports

PROPOSALS = Records(Kind.PROPOSAL, Proposal)
_NEWEST = Order("changed_at", descending=True)
_DAYS = timedelta(days=14)


def create(ports: Ports, scope: Scope, by: str, request: ProposalRequest) -> ProposalShown:
    """Begin one for a deal. Raises Missing for a deal, offer or proposal that is not here, Rejected for what cannot be
    priced. Nobody but who works here sees it."""
    deals.get(ports, scope, request.deal)
    offer, terms_digest, content, written = _begun(ports, scope, request)
    now = ports.clock.now()
    register(ports, scope)
    version = _keep(ports, scope, by, 1, content, offer, terms_digest)
    made = Proposal(
        id=uuid_utils.uuid7().hex,
        deal=request.deal,
        offer=offer,
        title=content.title,
        to=request.to,
        version=1,
        versions=[version],
        written=written,
        created_at=now,
        created_by=by,
        changed_at=now,
    )
    ports.documents.put(scope, Kind.PROPOSAL, made.id, made.model_dump(mode="json"))
    note(ports, scope, made.id, by, "created", version=1, digest=version.digest)
    return shown(ports, scope, made)


def get(ports: Ports, scope: Scope, id: str, version: int | None = None) -> ProposalShown:
    """A proposal with what a version says, the newest if none is named. Raises Missing."""
    return shown(ports, scope, PROPOSALS.load(ports, scope, id), version)


def listing(
    ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None, deal: str | None = None
) -> tuple[list[Proposal], str | None]:
    """Proposals, those that changed last first; of one deal, if one is named. Raises Rejected for a wrong cursor."""
    asked = [Filter("deal", "eq", deal)] if deal else []
    try:
        page = ports.documents.find(scope, Kind.PROPOSAL, asked, _NEWEST, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Proposal.model_validate(each.body) for each in page.documents], page.cursor


def edit(
    ports: Ports, scope: Scope, id: str, by: str, content: Content, seen: int | None = None, to: str | None = None,
    written: Sequence[WrittenPart] = (),
) -> ProposalShown:  # fmt: skip
    """Keep this as the newest version, priced by the newest terms of the offer; what waited for approval waits no more.
    What the client has in hand stays. `seen`: the version that was changed; `written`: parts that a writer wrote.

    Raises Missing, Rejected for what cannot be priced, Conflict if it was changed meanwhile or is accepted."""
    found = PROPOSALS.load(ports, scope, id)
    newest = offers.get(ports, scope, found.offer)
    terms_digest = newest.versions[-1].digest
    price_options(newest.terms, content)

    def apply(found: Proposal) -> None:
        _check_open(found, seen)
        number = found.version + 1
        made = _keep(ports, scope, by, number, content, found.offer, terms_digest)
        if made.digest == found.versions[-1].digest and to in (None, found.to):
            return
        found.version, found.versions = number, [*found.versions, made]
        found.title, found.to = content.title, to or found.to
        found.written = _merged(found.written, written)
        found.asked = found.approved = None
        found.held, found.changed_at = "", ports.clock.now()

    after = PROPOSALS.change(ports, scope, id, apply)
    if after.version != found.version:
        note(ports, scope, id, by, "version", version=after.version, digest=after.versions[-1].digest)
    return shown(ports, scope, after)


def _merged(before: Sequence[WrittenPart], made: Sequence[WrittenPart]) -> list[WrittenPart]:
    newest = {each.part: each for each in (*before, *made)}
    return [newest[part] for part in PARTS if part in newest]


def preview(ports: Ports, scope: Scope, id: str, content: Content) -> ProposalShown:
    """What a version would cost, without keeping it. Raises as `edit` does."""
    found = PROPOSALS.load(ports, scope, id)
    newest = offers.get(ports, scope, found.offer)
    stored = _stored(content, found.offer, newest.versions[-1].digest)
    priced = Whole(stored, newest.terms, price_options(newest.terms, content))
    return _shown(ports, scope, found, found.version, priced)


def shown(ports: Ports, scope: Scope, found: Proposal, version: int | None = None) -> ProposalShown:
    """With what a version says and costs. Raises Missing."""
    number = found.version if version is None else version
    named = found.of_version(number)
    if named is None:
        raise Missing("version", str(number))
    return _shown(ports, scope, found, number, whole(ports, scope, named.digest))


def note(ports: Ports, scope: Scope, id: str, by: str, what: str, **data: object) -> None:
    """One fact on the proposal's stream of the journal: ids, numbers and digests only."""
    ports.journal.append(scope, f"proposal/{id}", ports.clock.now(), by, what, data)


def _begun(ports: Ports, scope: Scope, request: ProposalRequest) -> tuple[str, str, Content, list[WrittenPart]]:
    """The offer, the digest of its newest terms, the first content, and which of it nobody wrote by hand."""
    if request.like:
        return _like(ports, scope, request)
    assert request.offer is not None, "checked"
    offer = offers.get(ports, scope, request.offer)
    name = {"en": "Our offer", "de": "Unser Angebot"}[request.language]
    needs = request.needs or quotes_of(ports, scope, request.deal)
    made = options(offer.terms, Option(id="offer", name=name, lines=request.chosen), request.language, request.tiers)
    content = Content(
        title=request.title,
        language=request.language,
        recipient=request.recipient,
        paragraphs=paragraphs(offer.terms, made, needs, _facts(ports, scope, request), request.language),
        options=made,
        recommended="better" if any(each.id == "better" for each in made) else "",
        currency=request.currency or offer.terms.currency,
        terms=offer.terms.terms,
        answer_by=request.answer_by or _today(ports, _DAYS),
    )
    _check_ahead(ports, content)
    _priced(offer.terms, content, request.chosen != [])
    return offer.id, offer.versions[-1].digest, content, [*_first(content, ports.clock.now())]


def _first(content: Content, now: datetime) -> Iterator[WrittenPart]:
    for part, heading in HEADINGS[content.language].items():
        for each in content.paragraphs:
            if each.heading == heading:
                sealed = paragraph_digest(each.heading, each.text)
                yield WrittenPart(part=part, digest=sealed, by=BUILT_IN_WRITER, at=now)


def _like(ports: Ports, scope: Scope, request: ProposalRequest) -> tuple[str, str, Content, list[WrittenPart]]:
    """The newest content of an earlier one, for somebody else, at today's prices."""
    assert request.like is not None
    earlier = PROPOSALS.load(ports, scope, request.like)
    offer = offers.get(ports, scope, earlier.offer)
    before = whole(ports, scope, earlier.versions[-1].digest).content
    content = Content.model_validate(
        {
            **before.model_dump(include=set(Content.model_fields)),
            "title": request.title,
            "recipient": request.recipient,
            "paragraphs": [*_retold(ports, scope, request, earlier, before)],
            "currency": request.currency or before.currency,
            "answer_by": request.answer_by or _today(ports, _DAYS),
        }
    )
    _check_ahead(ports, content)
    price_options(offer.terms, content)
    if content.paragraphs == before.paragraphs:
        return offer.id, offer.versions[-1].digest, content, earlier.written
    quoted = [each for each in content.paragraphs if begins_with_quotes(each, content.language)]
    anew = [*_first(content.model_copy(update={"paragraphs": quoted}), ports.clock.now())]
    kept = [each for each in earlier.written if each.part != "situation"]
    return offer.id, offer.versions[-1].digest, content, [*anew, *kept]


def _retold(
    ports: Ports, scope: Scope, request: ProposalRequest, earlier: Proposal, before: Content
) -> Iterator[Paragraph]:
    """Its paragraphs; what one client said goes to no other: where they were quoted, this one is, or nobody."""
    if request.deal == earlier.deal and not request.needs:
        yield from before.paragraphs
        return
    needs = request.needs or quotes_of(ports, scope, request.deal)
    quoted = {each.digest for each in earlier.written if each.part == "situation"}
    for each in before.paragraphs:
        if paragraph_digest(each.heading, each.text) not in quoted and not begins_with_quotes(each, before.language):
            yield each
        elif needs:
            yield situation(needs, before.language)


def _priced(terms: OfferTerms, content: Content, of_the_request: bool) -> None:
    """Raises Rejected; what is wrong with a line of the request is named there."""
    try:
        price_options(terms, content)
    except Rejected as error:
        if not of_the_request:
            raise
        wrong = (FieldError(each.field.replace("options[0].lines", "chosen"), each.reason) for each in error.errors)
        raise Rejected(*wrong) from None


def _facts(ports: Ports, scope: Scope, request: ProposalRequest) -> list[str]:
    """What somebody vouches for; raises Rejected for one that does not hold."""
    told = []
    for n, id in enumerate(request.facts):
        found = ports.documents.get(scope, Kind.FACT, id)
        fact = ConfirmedFact.model_validate(found.body) if found else None
        if fact is None or not fact.holds(ports.clock.now()):
            raise Rejected(FieldError(f"facts[{n}]", f"{id!r} is no fact that somebody vouches for now"))
        told.append(fact.text)
    return told


def _keep(
    ports: Ports, scope: Scope, by: str, number: int, content: Content, offer: str, terms_digest: str
) -> ProposalVersion:
    """Write what a version says under its digest, before the proposal names it."""
    if number > MOST_VERSIONS:
        raise Conflict("versions", f"a proposal has at most {MOST_VERSIONS} versions; begin another like this one")
    body = orjson.loads(_stored(content, offer, terms_digest).model_dump_json())
    seal = digest(body)
    ports.documents.put(scope, Kind.PROPOSAL_CONTENT, seal, body, "*")
    return ProposalVersion(version=number, digest=seal, at=ports.clock.now(), by=by)


def _stored(content: Content, offer: str, terms_digest: str) -> Stored:
    said = content.model_dump(include=set(Content.model_fields))
    return Stored.model_validate({**said, "offer": offer, "offer_terms": terms_digest})


def _shown(ports: Ports, scope: Scope, found: Proposal, number: int, priced: Whole) -> ProposalShown:
    return ProposalShown(
        **found.model_dump(),
        shown=number,
        content=Content.model_validate(priced.content.model_dump(include=set(Content.model_fields))),
        options=priced.options,
        below=[f"{each.field}: {each.reason}" for each in refusals(ports, scope, priced)],
        standing=found.stands(ports.clock.now()),
    )


def _check_open(found: Proposal, seen: int | None) -> None:
    if found.accepted is not None:
        raise Conflict("proposal", "it is accepted, and stays as it is; begin another like it")
    if seen is not None and seen != found.version:
        raise Conflict(
            "seen", f"it was changed meanwhile: version {found.version} is the newest", {"seen": [seen, found.version]}
        )


def _check_ahead(ports: Ports, content: Content) -> None:
    if content.answer_by < _today(ports):
        raise Rejected(FieldError("answer_by", f"{content.answer_by} is past; name a day that is still to come"))


def _today(ports: Ports, more: timedelta = timedelta(0)) -> date:
    return (ports.clock.now().astimezone(ZoneInfo(ports.timezone)) + more).date()
