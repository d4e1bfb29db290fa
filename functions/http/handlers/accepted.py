"""What a request that starts a flow is answered with."""

from __future__ import annotations

from pydantic import BaseModel

from shared.access.call import Answer, Start


class Accepted(BaseModel):
    """What was taken in, where it stands, and where to follow it."""

    id: str
    status: str
    links: dict[str, str]


def accepted(id: str, status: str, at: str, parts: tuple[str, ...], flow: Start) -> Answer[Accepted]:
    """202, with links to `at` and its parts; the flow is started."""
    links = {"self": at, **{part: f"{at}/{part}" for part in parts}}
    return Answer(Accepted(id=id, status=status, links=links), status=202, headers={"Location": at}, start=[flow])
