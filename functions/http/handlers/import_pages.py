"""The page of an import: preview, what its columns are, confirm, progress, result, undo."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import import_flow
from functions.http.handlers.html import html, see
from functions.http.handlers.imports import declared
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.access.upload import filled_in, uploaded
from shared.agents import contacts, deals, policy
from shared.domain.deal import Stage
from shared.domain.imports import FileConsent, Import, StagesRequest
from shared.web.imports import import_parts, import_sentence, shown_columns, shown_examples, shown_stages


def bring_in(call: Call, body: bytes) -> Answer[str]:
    """Look at an uploaded file of contacts; nothing of it is taken in yet."""
    kind = call.headers.get("content-type", "")
    file, form = uploaded(body, kind, "file"), filled_in(body, kind)
    made = contacts.accept_import(
        call.ports,
        call.scope,
        call.principal,
        file.data,
        "application/json" if file.name.lower().endswith(".json") else "application/octet-stream",
        "double_opt_in" in form,
        dry_run=True,
        name=file.name.rpartition("/")[2].rpartition("\\")[2][:200],
    )
    return _see(call, made)


def page(call: Call) -> Answer[str]:
    """How far an import is, what would or did become of its rows, and what can be done next."""
    made = contacts.get_import(call.ports, call.scope, call.path["id"])
    is_open = made.status in ("unmapped", "previewed")
    reading = contacts.TAKING.reading if made.of == "contacts" else deals.TAKINGS[made.of].reading
    found = contacts.columns_of(call.ports, call.scope, made.id, reading) if is_open else []
    return html(
        call,
        "import",
        here="contacts" if made.of == "contacts" else "deals",
        made=made,
        parts=import_parts(made),
        sentence=import_sentence(made),
        columns=shown_columns(made, {(each.file, h): o for each in found for h, o in each.values()}),
        stages=shown_stages(made),
        examples=shown_examples(made),
        must_declare=is_open and policy.read(call.ports, call.scope).imports_declare_consent,
    )


def columns(call: Call) -> Answer[str]:
    """What the columns are, as it was chosen; the preview is made again."""
    found = contacts.get_import(call.ports, call.scope, call.path["id"])
    headings = list(dict.fromkeys(each.heading for each in found.columns))
    form = call.form
    said = {heading: form[f"column_{n}"] for n, heading in enumerate(headings) if form.get(f"column_{n}")}
    if found.of != "contacts":
        told = {text: form.get(f"stage_{n}", "") for n, text in enumerate(found.stages)}
        return _see(call, deals.tell(call.ports, call.scope, found.id, said, _stages(told)))
    return _see(call, contacts.map_columns(call.ports, call.scope, found.id, said))


def confirm(call: Call) -> Answer[str]:
    """Take in what was previewed, with what is declared."""
    return _see(call, contacts.confirm(call.ports, call.scope, call.path["id"], call.principal, _declared(call.form)))


def undo(call: Call) -> Answer[str]:
    """Take it back."""
    return _see(call, contacts.undo(call.ports, call.scope, call.path["id"], call.principal))


def _stages(told: dict[str, str]) -> dict[str, Stage]:
    try:
        return StagesRequest.model_validate({"stages": {text: stage for text, stage in told.items() if stage}}).stages
    except ValidationError as error:
        raise rejected(error, "form") from None


def _declared(form: dict[str, str]) -> FileConsent | None:
    return declared(
        {"wording": form.get("consent"), "at": form.get("consent_at"), "source": form.get("consent_source")}
    )


def _see(call: Call, made: Import) -> Answer[str]:
    return see(f"/imports/{made.id}", start=[import_flow(call.scope, made)] if made.status == "running" else [])
