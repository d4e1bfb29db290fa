"""Brand and compliance checks on a written variant. An error blocks it, a warning and an info are shown to the
approver. Rule ids are stable: they appear in findings, in what a model is told, and in tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shared.domain.campaign import CampaignRequest
from shared.domain.claims import READ, Source, judge
from shared.domain.draft import Claim, Draft, Finding, Severity
from shared.domain.grounding import foreign_hosts, inventions
from shared.domain.legal import legal_lines
from shared.domain.required import promotion
from shared.domain.seen import Seen, bare
from shared.domain.wording import BUILT_IN_WRITER, BY_A_PERSON, Copy

SUBJECT_LENGTH = 60
HTML_LIMIT, HTML_LARGE = 100_000, 60_000
"""Bytes; Gmail clips a mail at about 102 KB, and the legal lines are at the end."""
SENTENCE_LENGTH = 25
NOTES = 5
_REPLY = re.compile(r"\s*(?:re|fwd?|aw|antw|wg)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_LEFTOVER = re.compile(
    r"\[[^\]\n]{2,40}\](?!\()|</?[a-z][^>\n]{0,80}>|lorem ipsum|(?-i:\bTODO\b)|\bX{3,}\b|\]\(https?:", re.IGNORECASE
)
_SPAM = re.compile(
    r"\bact now\b|\bclick here\b|\brisk[- ]free\b|\bonce in a lifetime\b|\bcongratulations\b|\byou(?:'ve| have) won\b"
    r"|\bwinner\b|\bno obligation\b|\bbuy now\b|\burgent\b|\bcash\b|\$\$\$|\bjetzt zuschlagen\b|\bhier klicken\b"
    r"|\bgewonnen\b|\bunverbindlich\b|\bsofort kaufen\b|\bdringend\b",
    re.IGNORECASE,
)


UNGROUNDED = ("number-invented", "date-invented", "claim-invented", "claim-unsupported")
"""What a person can settle by naming a source; nothing else that blocks can be."""


def review(draft: Draft, copy: Copy, request: CampaignRequest, sources: Sequence[Source]) -> list[Finding]:
    """Everything that can be said against a laid-out variant.

    `copy` is what a stranger reads: personal fields replaced by their fallbacks. `sources` ground it: the brief's
    (`sources_of`), confirmed facts, passages."""
    return [
        *_subject(copy.subject),
        *said_findings(copy.parts(), copy.language, sources),
        *_style(copy),
        *_legal(draft, copy, request),
        *_kind(copy, request),
        *_size(draft),
        *_language(draft, copy, request),
        *notes(copy.notes),
    ]


def said_findings(parts: Sequence[tuple[str, str]], language: str, sources: Sequence[Source]) -> list[Finding]:
    """What can be said against any text, whatever its form: claims, addresses, leftovers, tone. `parts`: (where, text)
    in reading order."""
    source = "\n".join(each.text for each in sources)
    own = "\n".join(each.text for each in sources if not each.id.startswith("passage:"))
    return [
        *_grounding(parts, source),
        *_elsewhere(parts, own),
        *_unsaid(parts, language, sources),
        *_wording(parts, source),
    ]


def notes(said: Sequence[str]) -> list[Finding]:
    """What the writer could not do as asked, for the approver."""
    return [finding("info", "writer-note", "text", note[:300]) for note in said[:NOTES]]


def sources_of(request: CampaignRequest, wish: str = "") -> list[Source]:
    """What people said: the brief, who sends it, and what the approver wished."""
    brief, sender = request.brief, request.sender
    return [
        Source("offer", brief.offer),
        *(Source(f"facts.{number}", fact) for number, fact in enumerate(brief.facts)),
        Source("goal", brief.goal),
        Source("audience", brief.audience),
        Source("call", f"{brief.call_to_action.text}\n{brief.call_to_action.url}"),
        Source("sender", f"{sender.name}\n{sender.address}\n{sender.postal_address}"),
        *([Source("wish", wish)] if wish else []),
    ]


def claims(parts: Sequence[tuple[str, str]], language: str, sources: Sequence[Source]) -> list[Claim]:
    """Which sources carry which sentence; each sentence that states something once, in reading order."""
    if language not in READ:
        return []
    judged = (each for _, text in parts for each in judge(text, sources, language))
    stated = {each.sentence: each for each in judged if each.verdict != "no claim"}
    return [Claim(sentence=each.sentence, sources=[*each.sources], reason=each.reason) for each in stated.values()]


def _subject(subject: str) -> Iterator[Finding]:
    """Rule C3: a subject says what the mail is, and is not a reply to anything."""
    if not subject.strip():
        yield finding("error", "subject-empty", "subject", "the subject is empty")
    if len(subject.strip().splitlines()) > 1:
        yield finding("error", "subject-lines", "subject", "the subject must be one line")
    if _REPLY.match(subject):
        yield finding("error", "subject-deceptive", "subject", "it pretends to be a reply or a forward")
    if len(subject) > SUBJECT_LENGTH:
        reason = f"{len(subject)} characters; many inboxes cut after {SUBJECT_LENGTH}"
        yield finding("warning", "subject-long", "subject", reason)


def _grounding(parts: Sequence[tuple[str, str]], source: str) -> Iterator[Finding]:
    """Nothing is claimed beyond what people said."""
    seen = set()
    for where, text in parts:
        for invented in inventions(text, source):
            if invented in seen:
                continue
            seen.add(invented)
            severity: Severity = "error" if invented.certain else "warning"
            yield finding(severity, invented.rule, where, f"{invented.said!r} is not in the brief")


def _elsewhere(parts: Sequence[tuple[str, str]], own: str) -> Iterator[Finding]:
    """Rule L4: nowhere is linked to but where people lead. A document that was read may carry a fact, never an address:
    whoever could write it there would lead the readers."""
    for where, text in parts:
        for host in foreign_hosts(text, own):
            yield finding("error", "link-foreign", where, f"{host!r} is not an address of the brief or the sender")


def _unsaid(parts: Sequence[tuple[str, str]], language: str, sources: Sequence[Source]) -> Iterator[Finding]:
    """A sentence that states what no source says cannot ship; what `_grounding` has named is not named twice."""
    if language not in READ:
        reason = f"facts are only looked for in {' and '.join(READ)}; a person must check this text against its sources"
        yield finding("warning", "claims-unread", "text", reason)
        return
    source = "\n".join(each.text for each in sources)
    for where, text in parts:
        for judged in judge(text, sources, language):
            if judged.verdict == "unsupported" and not any(
                each.certain for each in inventions(judged.sentence, source)
            ):
                yield finding("error", "claim-unsupported", where, f"{judged.sentence!r}: {judged.reason}")


def _wording(parts: Sequence[tuple[str, str]], source: str) -> Iterator[Finding]:
    for where, text in parts:
        leftover = _LEFTOVER.search(text)
        if leftover and leftover[0] not in source:
            yield finding("error", "leftover", where, f"{leftover[0]!r} is markup or a gap left to fill, not text")
        for spam in sorted({found.lower() for found in _SPAM.findall(text)}):
            yield finding("warning", "spam-phrase", where, f"{spam!r} is what spam filters look for")
        loud = [word for word in re.findall(r"\b[A-ZÄÖÜ]{4,}\b", text) if word not in source]
        if loud:
            yield finding("warning", "shouting", where, f"{loud[0]} in capitals")
    first, *rest = [text for _, text in parts] or [""]
    if first.count("!") > 1 or "".join(rest).count("!") > 3:
        yield finding("warning", "exclamation", "text", "too many exclamation marks")


def _style(copy: Copy) -> Iterator[Finding]:
    if not any(each.strip() for each in (*copy.paragraphs, *copy.points)):
        yield finding("error", "body-empty", "text", "there is no text")
    words = " ".join((*copy.paragraphs, *copy.points, copy.closing))
    longest = max((len(sentence.split()) for sentence in re.split(r"[.!?:](?:\s|$)", words)), default=0)
    if longest > SENTENCE_LENGTH:
        reason = f"the longest sentence has {longest} words; up to {SENTENCE_LENGTH} read easily"
        yield finding("info", "readability", "text", reason)


def _legal(draft: Draft, copy: Copy, request: CampaignRequest) -> Iterator[Finding]:
    """Rules C4, C5, C11: postal address, a way out and who wrote it, in both forms of the mail."""
    disclosure = legal_lines(copy.language, request.sender.name, draft.written_by).disclosure
    for where, source, visible in (("html", draft.html, Seen.of(draft.html).text), ("text", draft.text, draft.text)):
        if "{{ unsubscribe }}" not in source:
            yield finding("error", "unsubscribe-missing", where, "there is no unsubscribe link")
        if bare(request.sender.postal_address) not in bare(visible):
            yield finding("error", "postal-missing", where, "the sender's postal address is missing")
        if bare(disclosure) not in bare(visible):
            yield finding("error", "disclosure-missing", where, f"it does not say {disclosure!r}")
    if Seen.of(draft.html).images_without_alt:
        yield finding("info", "alt-missing", "html", "an image has no alternative text")


def _kind(copy: Copy, request: CampaignRequest) -> Iterator[Finding]:
    """Rule C8: what is declared transactional must not advertise."""
    for where, text in copy.parts() if request.message == "transactional" else ():
        if (said := promotion(text)) is not None:
            yield finding(
                "error", "promotion", where, f"{said!r} advertises, but the message is declared transactional"
            )


def _size(draft: Draft) -> Iterator[Finding]:
    size = len(draft.html.encode())
    if size > HTML_LIMIT:
        yield finding("error", "html-size", "html", f"{size} bytes; Gmail hides what is beyond {HTML_LIMIT}")
    elif size > HTML_LARGE:
        yield finding("warning", "html-large", "html", f"{size} bytes; up to {HTML_LARGE} load quickly")


def _language(draft: Draft, copy: Copy, request: CampaignRequest) -> Iterator[Finding]:
    """A model is asked again; the built-in writer has said what it can."""
    if copy.language != request.brief.language:
        severity: Severity = "info" if draft.written_by in (BUILT_IN_WRITER, BY_A_PERSON) else "error"
        reason = f"written in {copy.language!r}, asked for in {request.brief.language!r}"
        yield finding(severity, "language", "text", reason)


def finding(severity: Severity, rule: str, where: str, reason: str) -> Finding:
    """One thing that a check found."""
    return Finding(severity=severity, rule=rule, where=where, reason=reason)
