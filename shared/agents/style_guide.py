"""A workspace's style guide: read it, change it."""

from __future__ import annotations

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.style_guide import STYLE_GUIDE, StyleGuide
from shared.ports import Ports


def read(ports: Ports, scope: Scope) -> StyleGuide:
    """The guide; an empty one where none was ever written."""
    found = ports.documents.get(scope, Kind.STYLE_GUIDE, STYLE_GUIDE)
    return StyleGuide.model_validate(found.body) if found else StyleGuide()


def write(ports: Ports, scope: Scope, by: str, guide: StyleGuide) -> StyleGuide:
    """Put this one in the place of the old; what is written or looked at from now on keeps it."""
    ports.documents.put(scope, Kind.STYLE_GUIDE, STYLE_GUIDE, guide.model_dump(mode="json"), "*")
    counts = {"avoid": len(guide.avoid), "names": len(guide.names), "address": guide.address}
    ports.journal.append(scope, "policy", ports.clock.now(), by, "style-guide", counts)
    return guide
