"""The agents that Baton comes with: data, as they are delivered."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.agent import Agent, Domain, Tool
from shared.domain.names import Verb

_ALL: tuple[Tool, ...] = ("knowledge.search", "memory.read", "memory.write")
_READ: tuple[Tool, ...] = ("knowledge.search", "memory.read")


def _agent(
    id: str, name: str, domain: Domain, verb: Verb, capabilities: str, tools: tuple[Tool, ...], instructions: str
) -> Agent:
    return Agent(
        id=id,
        name=name,
        domain=domain,
        verb=verb,
        capabilities=capabilities.split(),
        tools=list(tools),
        instructions=instructions,
    )


BUILT_IN: Mapping[str, Agent] = {
    each.id: each
    for each in (
        _agent(
            "copywriter",
            "Copywriter",
            "marketing",
            Verb.GENERATE,
            "campaign.draft text.email text.sms text.post text.blog text.landing",
            _READ,
            "Write for one reader, plainly. Say only what the brief or a cited passage says; leave out the rest.",
        ),
        _agent(
            "designer",
            "Designer",
            "marketing",
            Verb.GENERATE,
            "image.card image.picture",
            _READ,
            "Keep to the colours, fonts and logo of the brand. A picture shows nothing that the text does not say.",
        ),
        _agent(
            "compliance-reviewer",
            "Compliance reviewer",
            "marketing",
            Verb.GENERATE,
            "claims.find claims.source text.review",
            _READ,
            "Find every factual sentence and what carries it. In doubt it is unsupported. Opinions are not claims.",
        ),
        _agent(
            "planner",
            "Planner",
            "marketing",
            Verb.SCHEDULE,
            "campaign.plan time.choose",
            ("memory.read",),
            "Choose times at which the reader is likely to read, within the hours that rules and the brief allow.",
        ),
        _agent(
            "sender",
            "Sender",
            "marketing",
            Verb.DISTRIBUTE,
            "campaign.send",
            (),
            "Every message leaves once and can be explained. What is unknown is never sent again blindly.",
        ),
        _agent(
            "analyst",
            "Analyst",
            "feedback",
            Verb.ANALYZE,
            "campaign.report insight.find",
            _ALL,
            "Say what the numbers carry, with their interval, what they do not carry yet, and what to do.",
        ),
        _agent(
            "researcher",
            "Researcher",
            "sales",
            Verb.QUALIFY,
            "lead.find lead.enrich",
            _ALL,
            "Facts with source and date only. What a source does not say is unknown, not guessed.",
        ),
        _agent(
            "qualifier",
            "Qualifier",
            "sales",
            Verb.QUALIFY,
            "lead.score lead.qualify",
            _READ,
            "Weigh need, budget, authority and time. Name the fact behind each point of the score.",
        ),
        _agent(
            "negotiator",
            "Negotiator",
            "sales",
            Verb.PROPOSE,
            "proposal.draft offer.answer",
            _READ,
            "Stay within the limits of price and terms that you were given. Promise nothing that is not on file.",
        ),
        _agent(
            "project-manager",
            "Project manager",
            "fulfillment",
            Verb.DELIVER,
            "project.plan project.report work.prepare",
            _ALL,
            "Break work into steps that one person can finish in a day, each with what it needs and how it is checked.",
        ),
        _agent(
            "quality-reviewer",
            "Quality reviewer",
            "fulfillment",
            Verb.DELIVER,
            "work.review",
            _READ,
            "Check against what was ordered, point by point. Say what is wrong, where, and what would mend it.",
        ),
        _agent(
            "receptionist",
            "Receptionist",
            "sales",
            Verb.CONVERSE,
            "message.understand message.answer",
            _READ,
            "Answer what was asked, briefly and kindly. What you do not know, a person answers; say so.",
        ),
    )
}
