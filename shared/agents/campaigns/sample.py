"""What a campaign looks like, for whoever has none yet: a brief, and the mail that the built-in writer makes of it.
Nobody gets it and nothing of it is kept."""

from __future__ import annotations

from shared.agents.brand import mail_look
from shared.agents.generate.prompt import ANGLES
from shared.domain.campaign import CampaignRequest
from shared.domain.scope import Scope
from shared.domain.wording import BUILT_IN_WRITER, TASK, Copy
from shared.ports import Ports, Question
from shared.render.letter import lay_out
from shared.render.personal import Personal, Rendered, sample_fields

_REQUEST = {
    "name": "Spring back course",
    "brief": {
        "goal": "Fill the spring course",
        "offer": "Back course: six evenings, eight people, one physiotherapist who watches every movement",
        "audience": "former patients",
        "tone": "warm",
        "call_to_action": {"text": "Book a place", "url": "https://practice.example/back"},
        "facts": ["It starts on Tuesday 2 March at 18:30", "Bring a towel and comfortable clothes"],
    },
    "segment": {"all": True},
    "sender": {
        "name": "The Practice",
        "address": "hello@practice-mail.com",
        "postal_address": "The Practice, 1 Mill Road, Leeds LS1 4AB",
    },
}


def sample(ports: Ports, scope: Scope) -> tuple[CampaignRequest, Rendered]:
    """The invented campaign, and its mail in this workspace's look as an invented reader would see it."""
    request = CampaignRequest.model_validate(_REQUEST)
    data = {
        "variant": "A",
        "angle": ANGLES["A"],
        "brief": request.brief.model_dump(mode="json"),
        "sender": request.sender.name,
        "change_wish": None,
    }
    question = Question(TASK, "", data, Copy.model_json_schema())
    copy = Copy.model_validate(ports.models["built-in"].ask(scope, question).data)
    draft = lay_out(
        copy,
        request,
        campaign="sample",
        version=1,
        variant="A",
        written_by=BUILT_IN_WRITER,
        look=mail_look(ports, scope),
    )
    links = ["#"] * len(draft.links)
    return request, Personal(draft).render(sample_fields(), links, unsubscribe="#", open_pixel="")
