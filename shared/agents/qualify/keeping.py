"""What is kept of leads for how long (rule G7): people who were found and never told, companies that nobody took, lists
as they came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from shared.agents.asking.tape import tape_id
from shared.agents.privacy.old import Old
from shared.agents.privacy.places import everything
from shared.agents.qualify.books import LEADS
from shared.agents.qualify.lookups import key_of
from shared.agents.qualify.notices import told_elsewhere
from shared.agents.qualify.weighing import weighed
from shared.domain.lead import Lead
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports


def strangers(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    """People of leads who had to be told by then and were not: nobody may hold what they do not know of (GDPR Article
    14). Who was told as a contact is noted to be, and stays."""
    for each in everything(ports, scope, Kind.LEAD, Filter("tell_by", "lt", before.isoformat())):
        for known in told_elsewhere(ports, scope, Lead.model_validate(each.body)).people:
            if known.told_at is None and known.due < before:
                yield Old(each.id, partial(_forget, ports, scope, each.id, before))


def leads(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    """Companies that were found or rejected, and neither told of, looked at nor weighed since."""
    unmoved = Filter("changed_at", "lt", before.isoformat())
    for each in everything(ports, scope, Kind.LEAD, unmoved):
        if each.body["stage"] in ("found", "rejected") and not each.body["merged_into"]:
            yield Old(each.id, partial(ports.documents.delete, scope, Kind.LEAD, each.id))


def lists(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    """Lists that ended before, with their rows and what a directory said."""
    for each in everything(ports, scope, Kind.LEAD_LIST, Filter("ended_at", "lt", before.isoformat())):
        yield Old(each.id, partial(_forget_list, ports, scope, each.id))


def _forget(ports: Ports, scope: Scope, id: str, before: datetime) -> None:
    def leave(lead: Lead) -> None:
        known = told_elsewhere(ports, scope, lead).people
        lead.people = [each for each in known if each.told_at or each.due >= before]
        now = weighed(ports, scope, lead)
        lead.score, lead.trouble = now.score, now.trouble

    LEADS.change(ports, scope, id, leave)


def _forget_list(ports: Ports, scope: Scope, id: str) -> None:
    """The list goes last: who is killed in between finds it again."""
    for path in list(ports.files.list(scope, f"leads/{id}/")):
        ports.files.delete(scope, path)
    ports.documents.delete(scope, Kind.TAPE, tape_id(key_of(id)))
    ports.documents.delete(scope, Kind.LEAD_LIST, id)
