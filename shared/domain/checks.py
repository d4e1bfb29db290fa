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
from shared.domain.wording import BUILT_IN_WRITER, Copy

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
    source = "\n".join(each.text for each in sources)
    own = "\n".join(each.text for each in sources if not each.id.startswith("passage:"))
    return [
        *_subject(copy.subject),
        *_grounding(copy, source),
        *_elsewhere(copy, own),
        *_unsaid(copy, sources),
        *_style(copy, source),
        *_legal(draft, copy, request),
        *_kind(copy, request),
        *_size(draft),
        *_language(draft, copy, request),
        *(_finding("info", "writer-note", "text", note[:300]) for note in copy.notes[:NOTES]),
    ]


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


def claims(copy: Copy, sources: Sequence[Source]) -> list[Claim]:
    """Which sources carry which sentence; each sentence that states something once, in reading order."""
    if copy.language not in READ:
        return []
    judged = (each for _, text in copy.parts() for each in judge(text, sources, copy.language))
    stated = {each.sentence: each for each in judged if each.verdict != "no claim"}
    return [Claim(sentence=each.sentence, sources=[*each.sources], reason=each.reason) for each in stated.values()]


def _subject(subject: str) -> Iterator[Finding]:
    """Rule C3: a subject says what the mail is, and is not a reply to anything."""
    if not subject.strip():
        yield _finding("error", "subject-empty", "subject", "the subject is empty")
    if len(subject.strip().splitlines()) > 1:
        yield _finding("error", "subject-lines", "subject", "the subject must be one line")
    if _REPLY.match(subject):
        yield _finding("error", "subject-deceptive", "subject", "it pretends to be a reply or a forward")
    if len(subject) > SUBJECT_LENGTH:
        reason = f"{len(subject)} characters; many inboxes cut after {SUBJECT_LENGTH}"
        yield _finding("warning", "subject-long", "subject", reason)


def _grounding(copy: Copy, source: str) -> Iterator[Finding]:
    """Nothing is claimed beyond what people said."""
    seen = set()
    for where, text in copy.parts():
        for invented in inventions(text, source):
            if invented in seen:
                continue
            seen.add(invented)
            severity: Severity = "error" if invented.certain else "warning"
            yield _finding(severity, invented.rule, where, f"{invented.said!r} is not in the brief")


def _elsewhere(copy: Copy, own: str) -> Iterator[Finding]:
    """Rule L4: nowhere is linked to but where people lead. A document that was read may carry a fact, never an address:
    whoever could write it there would lead the readers."""
    for where, text in copy.parts():
        for host in foreign_hosts(text, own):
            yield _finding("error", "link-foreign", where, f"{host!r} is not an address of the brief or the sender")


def _unsaid(copy: Copy, sources: Sequence[Source]) -> Iterator[Finding]:
    """A sentence that states what no source says cannot ship; what `_grounding` has named is not named twice."""
    if copy.language not in READ:
        reason = f"facts are only looked for in {' and '.join(READ)}; a person must check this text against its sources"
        yield _finding("warning", "claims-unread", "text", reason)
        return
    source = "\n".join(each.text for each in sources)
    for where, text in copy.parts():
        for judged in judge(text, sources, copy.language):
            if judged.verdict == "unsupported" and not any(
                each.certain for each in inventions(judged.sentence, source)
            ):
                yield _finding("error", "claim-unsupported", where, f"{judged.sentence!r}: {judged.reason}")


def _style(copy: Copy, source: str) -> Iterator[Finding]:
    body = [text for where, text in copy.parts() if where == "text"]
    if not any(each.strip() for each in (*copy.paragraphs, *copy.points)):
        yield _finding("error", "body-empty", "text", "there is no text")
    for where, text in copy.parts():
        leftover = _LEFTOVER.search(text)
        if leftover and leftover[0] not in source:
            yield _finding("error", "leftover", where, f"{leftover[0]!r} is markup or a gap left to fill, not text")
        for spam in sorted({found.lower() for found in _SPAM.findall(text)}):
            yield _finding("warning", "spam-phrase", where, f"{spam!r} is what spam filters look for")
        loud = [word for word in re.findall(r"\b[A-ZÄÖÜ]{4,}\b", text) if word not in source]
        if loud:
            yield _finding("warning", "shouting", where, f"{loud[0]} in capitals")
    if copy.subject.count("!") > 1 or "".join(body).count("!") > 3:
        yield _finding("warning", "exclamation", "text", "too many exclamation marks")
    words = " ".join((*copy.paragraphs, *copy.points, copy.closing))
    longest = max((len(sentence.split()) for sentence in re.split(r"[.!?:](?:\s|$)", words)), default=0)
    if longest > SENTENCE_LENGTH:
        reason = f"the longest sentence has {longest} words; up to {SENTENCE_LENGTH} read easily"
        yield _finding("info", "readability", "text", reason)


def _legal(draft: Draft, copy: Copy, request: CampaignRequest) -> Iterator[Finding]:
    """Rules C4, C5, C11: postal address, a way out and who wrote it, in both forms of the mail."""
    disclosure = legal_lines(copy.language, request.sender.name, draft.written_by).disclosure
    for where, source, visible in (("html", draft.html, Seen.of(draft.html).text), ("text", draft.text, draft.text)):
        if "{{ unsubscribe }}" not in source:
            yield _finding("error", "unsubscribe-missing", where, "there is no unsubscribe link")
        if bare(request.sender.postal_address) not in bare(visible):
            yield _finding("error", "postal-missing", where, "the sender's postal address is missing")
        if bare(disclosure) not in bare(visible):
            yield _finding("error", "disclosure-missing", where, f"it does not say {disclosure!r}")
    if Seen.of(draft.html).images_without_alt:
        yield _finding("info", "alt-missing", "html", "an image has no alternative text")


def _kind(copy: Copy, request: CampaignRequest) -> Iterator[Finding]:
    """Rule C8: what is declared transactional must not advertise."""
    for where, text in copy.parts() if request.message == "transactional" else ():
        if (said := promotion(text)) is not None:
            yield _finding(
                "error", "promotion", where, f"{said!r} advertises, but the message is declared transactional"
            )


def _size(draft: Draft) -> Iterator[Finding]:
    size = len(draft.html.encode())
    if size > HTML_LIMIT:
        yield _finding("error", "html-size", "html", f"{size} bytes; Gmail hides what is beyond {HTML_LIMIT}")
    elif size > HTML_LARGE:
        yield _finding("warning", "html-large", "html", f"{size} bytes; up to {HTML_LARGE} load quickly")


def _language(draft: Draft, copy: Copy, request: CampaignRequest) -> Iterator[Finding]:
    """A model is asked again; the built-in writer has said what it can."""
    if copy.language != request.brief.language:
        severity: Severity = "info" if draft.written_by == BUILT_IN_WRITER else "error"
        reason = f"written in {copy.language!r}, asked for in {request.brief.language!r}"
        yield _finding(severity, "language", "text", reason)


def _finding(severity: Severity, rule: str, where: str, reason: str) -> Finding:
    return Finding(severity=severity, rule=rule, where=where, reason=reason)
