"""A message of AMQP 1.0 (part 3, section 3.2) as a broker reads and changes it."""

from __future__ import annotations

from typing import Any

from tests.servers.service_bus.codec import Described, Symbol, Uint, decode_all, encode

_HEADER, _ANNOTATIONS, _PROPERTIES, _APPLICATION, _DATA, _VALUE = 0x70, 0x72, 0x73, 0x74, 0x75, 0x77
BATCH_FORMAT = 0x80013700
_PROPERTY = {
    "message_id": 0,
    "to": 2,
    "label": 3,
    "reply_to": 4,
    "correlation_id": 5,
    "content_type": 6,
    "session_id": 10,
    "reply_to_session_id": 12,
}


class Message:
    """The sections of one message. `annotations` and `application` may be changed; the body is never looked at."""

    def __init__(self, raw: bytes) -> None:
        self._body: list[Described] = []
        self._header: list[Any] = []
        self._properties: list[Any] = []
        self.annotations: dict[Any, Any] = {}
        self.application: dict[Any, Any] = {}
        for section in decode_all(raw):
            self._read(section)

    def _read(self, section: Described) -> None:
        match section.descriptor:
            case 0x70:
                self._header = section.value
            case 0x72:
                self.annotations = section.value
            case 0x73:
                self._properties = section.value
            case 0x74:
                self.application = section.value
            case 0x71 | 0x78:
                pass  # delivery annotations and footers are between two hops
            case _:
                self._body.append(section)

    def standard(self, name: str) -> Any:
        """A standard property under Service Bus's name for it, such as `label` or `session_id`; None: not set."""
        at = _PROPERTY[name]
        return self._properties[at] if at < len(self._properties) else None

    @property
    def time_to_live(self) -> float | None:
        """Seconds."""
        milliseconds = self._header[2] if len(self._header) > 2 else None
        return None if milliseconds is None else milliseconds / 1000

    @property
    def value(self) -> Any:
        """The body of a request to a management node."""
        return next((section.value for section in self._body if section.descriptor == _VALUE), None)

    def parts(self) -> list[bytes]:
        """The messages of a batch, each encoded: its data sections."""
        return [section.value for section in self._body if section.descriptor == _DATA]

    def encode(self, delivery_count: int, annotations: dict[str, Any]) -> bytes:
        """The message as it is delivered."""
        header = [*self._header, *[None] * (5 - len(self._header))]
        header[4] = Uint(delivery_count)
        notes = {**self.annotations, **{Symbol(name): value for name, value in annotations.items()}}
        sections = [Described(_HEADER, header), Described(_ANNOTATIONS, notes)]
        if self._properties:
            sections.append(Described(_PROPERTIES, self._properties))
        if self.application:
            sections.append(Described(_APPLICATION, self.application))
        return b"".join(map(encode, [*sections, *self._body]))


def response(correlation_id: Any, body: Any, application: dict[str, Any]) -> bytes:
    """What a management node answers."""
    properties = [None, None, None, None, None, correlation_id]
    sections = [Described(_PROPERTIES, properties), Described(_APPLICATION, application), Described(_VALUE, body)]
    return b"".join(map(encode, sections))


def messages_in(raw: bytes, message_format: int | None) -> list[Message]:
    """The messages of a transfer: one, or those of a batch."""
    whole = Message(raw)
    return [Message(part) for part in whole.parts()] if message_format == BATCH_FORMAT else [whole]
