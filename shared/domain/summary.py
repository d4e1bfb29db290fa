"""The three plain sentences that open every report: what went out, what came back, what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.certificate import Certificate
from shared.domain.figures import people, spread
from shared.domain.report import Finding, Funnel, rate


def sentences(
    certificate: Certificate, funnel: Funnel, findings: Sequence[Finding], *, final: bool, simulated: bool
) -> tuple[str, str, str]:
    """One sentence each; the numbers of the first add up to what was planned."""
    return _went_out(certificate), _came_back(funnel, simulated), _next(findings, final)


def _went_out(certificate: Certificate) -> str:
    sent = certificate.sent_once + certificate.sent_twice
    twice = "nobody twice" if not certificate.sent_twice else f"{certificate.sent_twice:,} of them twice"
    parts = [("held", sum(certificate.held.values())), ("failed", certificate.failed), ("unknown", certificate.unknown)]
    if certificate.remaining:
        parts.append(("still to come", certificate.remaining))
    rest = ", ".join(f"{n:,} {what}" for what, n in parts)
    return f"{sent:,} of {people(certificate.planned)} got “{certificate.name}”, {twice}; {rest}."


def _came_back(funnel: Funnel, simulated: bool) -> str:
    who = "Of the simulated people" if simulated else "Of them"
    if not funnel.sent:
        return "Nothing could come back, because nothing was sent."
    opened, clicked = spread(rate(funnel.opened, funnel.sent)), spread(rate(funnel.clicked, funnel.sent))
    machines = f"; {funnel.opened_by_machines:,} more were opened by machines only" if funnel.opened_by_machines else ""
    return (
        f"{who}, {funnel.opened:,} opened it, {opened}, {funnel.clicked:,} clicked, {clicked}, "
        f"and {funnel.unsubscribed:,} unsubscribed{machines}."
    )


def _next(findings: Sequence[Finding], final: bool) -> str:
    for finding in findings:
        if finding.advice:
            return finding.advice
    if not final:
        return "Nothing needs doing: reactions are still coming in, and this report counts them."
    if any(not finding.enough for finding in findings):
        return "Nothing needs doing, and the numbers are too small for more conclusions: ask again with more people."
    return "Nothing needs doing: no failure, no complaint and no difference stands out."
