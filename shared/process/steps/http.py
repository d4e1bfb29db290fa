"""Other systems over HTTP: only the open internet, and what whoever runs Baton opened (trust.md 4.3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlencode

from pydantic import Field, StringConstraints, model_validator

from shared.ports import Ask, Told
from shared.process.errors import InputError, PolicyError, ProviderError, StepError, TransientError
from shared.process.steps.call import Answer, Desk, Kept, StepType

_MOST = 20 << 20
_MOST_SHOWN = 200_000
_NOT_TAKEN = {408, 425, 429, 503}
_MAY_PASS = {500, 502, 504} | _NOT_TAKEN
Header = Annotated[str, StringConstraints(max_length=8000, pattern=r"^[\x20-\x7e]*$")]
HeaderName = Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9-]+$")]


class _Http(StepType):
    """What all requests have in common."""

    url: Annotated[str, StringConstraints(max_length=4000)]
    query: dict[str, str | int | float | bool] = Field(default_factory=dict)
    headers: dict[HeaderName, Header] = Field(default_factory=dict)
    """Secrets come as `${{ secrets.name }}`."""
    keep: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,100}$")] | None = None
    """Keep the answer's body as a file of this name; without it, up to 200 KB are the output `body`."""
    expect: list[Annotated[int, Field(ge=200, le=599)]] = Field(default_factory=list, max_length=50)
    """Which statuses are fine; without it, every 2xx. Redirects are not followed."""

    outputs: ClassVar[Mapping[str, str]] = {
        "status": "the number",
        "body": "parsed if it is JSON, else text; null if it was kept",
        "file": "the kept body, or null",
    }

    def _ask(self, desk: Desk, method: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Raises StepError: transient, provider, policy or input."""
        if desk.ports.endpoints is None or (refused := desk.ports.endpoints.refusal(self.url)):
            raise PolicyError(f"the URL is not asked: {refused if desk.ports.endpoints else 'nothing is'}", "url")
        url = f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(self.query)}" if self.query else self.url
        seconds = max(1.0, min(300.0, (desk.deadline - desk.ports.clock.now()).total_seconds()))
        told = desk.ports.endpoints.ask(Ask(method, url, {**headers, **self.headers}, body, _MOST, seconds))
        if told.status is None or not self._is_fine(told.status):
            raise _refused(method, told)
        if not told.whole:
            raise TransientError(f"the answer broke off, or is larger than {_MOST >> 20} MB")
        desk.log(f"{method}: {told.status}, {len(told.body):,} bytes")
        return self._answer(desk, told, () if method in ("GET", "HEAD") else (f"{method} was answered {told.status}",))

    def _is_fine(self, status: int) -> bool:
        return status in self.expect if self.expect else 200 <= status < 300

    def _answer(self, desk: Desk, told: Told, left: tuple[str, ...]) -> Answer:
        if self.keep is None:
            return Answer({"status": told.status, "body": _shown(told.body), "file": None}, left)
        path = desk.folder / self.keep
        path.write_bytes(told.body)
        return Answer({"status": told.status, "body": None, "file": desk.keep(path).model_dump()}, left)


class HttpGet(_Http):
    """Ask for something. It changes nothing there, so it is simply asked again after a kill."""

    def run(self, desk: Desk) -> Answer:
        return self._ask(desk, "GET", {}, b"")


class _HttpWithBody(_Http):
    json_: Any = Field(default=None, alias="json")
    text: str | None = None
    file: Kept | None = None
    """The body: at most one of json, text, file (20 MB)."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(each is not None for each in (self.json_, self.text, self.file)) > 1:
            raise ValueError("takes one of json, text and file")
        return self

    def _body(self, desk: Desk) -> tuple[dict[str, str], bytes]:
        if self.json_ is not None:
            return {"Content-Type": "application/json"}, json.dumps(self.json_, ensure_ascii=False).encode()
        if self.text is not None:
            return {"Content-Type": "text/plain; charset=utf-8"}, self.text.encode()
        if self.file is None:
            return {}, b""
        if self.file.bytes > _MOST:
            raise InputError(f"the file is larger than {_MOST >> 20} MB", "file")
        return {"Content-Type": "application/octet-stream"}, desk.open(self.file).read_bytes()


class HttpPut(_HttpWithBody):
    """Put or delete something: the same again changes nothing more (RFC 9110 section 9.2.2), so it may be repeated."""

    method: Literal["PUT", "DELETE"] = "PUT"

    def run(self, desk: Desk) -> Answer:
        return self._ask(desk, self.method, *self._body(desk))


class HttpPost(_HttpWithBody):
    """Have something happen. It carries the step's key as `Idempotency-Key`; if nobody knows whether it was taken, a
    person is asked rather than the other system a second time."""

    method: Literal["POST", "PATCH"] = "POST"
    repeatable: ClassVar[bool] = False

    def run(self, desk: Desk) -> Answer:
        headers, body = self._body(desk)
        return self._ask(desk, self.method, {**headers, "Idempotency-Key": desk.key}, body)


def _refused(method: str, told: Told) -> StepError:
    """What may be tried again, and whether anything may have happened."""
    left = (f"{method} may have been taken: {told.why}",) if told.taken is None and method != "GET" else ()
    if told.status is None:
        return TransientError(f"no answer: {told.why}", "url", left)
    if told.status in _MAY_PASS:
        left = () if told.status in _NOT_TAKEN else (f"{method} was answered {told.status}",)
        return TransientError(f"it answered {told.status}", "url", left)
    moved = " (a redirect, which is not followed)" if 300 <= told.status < 400 else ""
    return ProviderError(f"it answered {told.status}{moved}", "url")


def _shown(body: bytes) -> Any:
    if len(body) > _MOST_SHOWN:
        raise InputError(f"the answer has {len(body):,} bytes: give `keep` a name, and it becomes a file", "keep")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")
