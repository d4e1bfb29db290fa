"""Values of AMQP 1.0 as bytes (OASIS AMQP 1.0, part 1: types), and the frames that carry them (part 2, section 2.3).

Numbers keep their AMQP type, as a subclass of int, so that what is decoded is encoded as it was.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple
from uuid import UUID


class Symbol(str):
    """A name of the protocol's or of Service Bus's; equal to the text."""


class Described(NamedTuple):
    """A value with a descriptor that says what it is: performatives, sections of a message, outcomes."""

    descriptor: int
    value: Any


class Array(list[Any]):
    """Values of one type."""


class Ubyte(int): ...


class Ushort(int): ...


class Uint(int): ...


class Ulong(int): ...


class Byte(int): ...


class Short(int): ...


class Int(int): ...


class Long(int): ...


class Timestamp(int):
    """Milliseconds since 1970."""


class Float(float): ...


_FIXED: dict[int, tuple[str, type]] = {
    0x50: (">B", Ubyte),
    0x60: (">H", Ushort),
    0x70: (">I", Uint),
    0x52: (">B", Uint),
    0x80: (">Q", Ulong),
    0x53: (">B", Ulong),
    0x51: (">b", Byte),
    0x61: (">h", Short),
    0x71: (">i", Int),
    0x54: (">b", Int),
    0x81: (">q", Long),
    0x55: (">b", Long),
    0x56: (">B", bool),
    0x72: (">f", Float),
    0x82: (">d", float),
    0x83: (">q", Timestamp),
}
_WIDE = {kind: code for code, (form, kind) in _FIXED.items() if code not in (0x52, 0x53, 0x54, 0x55, 0x56)}
_EMPTY: dict[int, Any] = {0x40: None, 0x41: True, 0x42: False, 0x43: Uint(0), 0x44: Ulong(0)}
_TEXTS = {0xA0: bytes, 0xA1: str, 0xA3: Symbol, 0xB0: bytes, 0xB1: str, 0xB3: Symbol}
_LISTS, _MAPS, _ARRAYS = (0xC0, 0xD0), (0xC1, 0xD1), (0xE0, 0xF0)


def decode(data: bytes, at: int = 0) -> tuple[Any, int]:
    """The value that begins at `at`, and where the next one does. Raises ValueError for what is no AMQP."""
    if data[at]:
        return _decode(data[at], data, at + 1)
    descriptor, at = decode(data, at + 1)
    value, at = decode(data, at)
    return Described(descriptor, value), at


def decode_all(data: bytes) -> list[Any]:
    """The values that follow each other in `data`."""
    found, at = [], 0
    while at < len(data):
        value, at = decode(data, at)
        found.append(value)
    return found


def _decode(code: int, data: bytes, at: int) -> tuple[Any, int]:
    if code in _EMPTY:
        return _EMPTY[code], at
    if code == 0x45:
        return [], at
    if code in _FIXED:
        form, kind = _FIXED[code]
        return kind(struct.unpack_from(form, data, at)[0]), at + struct.calcsize(form)
    if code == 0x98:
        return UUID(bytes=data[at : at + 16]), at + 16
    width = 1 if code < 0xB0 or code in (0xC0, 0xC1, 0xE0) else 4
    size, at = int.from_bytes(data[at : at + width], "big"), at + width
    end = at + size
    if code in _TEXTS:
        raw = data[at:end]
        return raw if _TEXTS[code] is bytes else _TEXTS[code](raw.decode()), end
    count, at = int.from_bytes(data[at : at + width], "big"), at + width
    return _compound(code, count, data, at), end


def _compound(code: int, count: int, data: bytes, at: int) -> Any:
    if code in _ARRAYS:
        return _array(count, data, at)
    values = []
    for _ in range(count):
        value, at = decode(data, at)
        values.append(value)
    if code in _LISTS:
        return values
    if code in _MAPS:
        return dict(zip(values[::2], values[1::2], strict=True))
    raise ValueError(f"{code:#x} is no constructor of AMQP")


def _array(count: int, data: bytes, at: int) -> Array:
    found, code = Array(), data[at]
    at += 1
    for _ in range(count):
        value, at = _decode(code, data, at)
        found.append(value)
    return found


def encode(value: Any) -> bytes:
    """A value as bytes, in the wide form of its type; int is a long."""
    if value is None:
        return b"\x40"
    if isinstance(value, bool):
        return b"\x41" if value else b"\x42"
    if isinstance(value, Described):
        return b"\x00" + encode(Ulong(value.descriptor)) + encode(value.value)
    if isinstance(value, Ulong) and value < 256:  # peers read descriptors in this form only
        return bytes((0x53, value))
    if isinstance(value, int | float):
        code = _WIDE.get(type(value), 0x81)
        return bytes((code,)) + struct.pack(_FIXED[code][0], value)
    if isinstance(value, UUID):
        return b"\x98" + value.bytes
    if isinstance(value, str):
        raw = value.encode()
        return (b"\xb3" if isinstance(value, Symbol) else b"\xb1") + _sized(raw)
    if isinstance(value, bytes):
        return b"\xb0" + _sized(value)
    return _encode_compound(value)


def _encode_compound(value: Any) -> bytes:
    if isinstance(value, dict):
        items = [encode(item) for pair in value.items() for item in pair]
        return b"\xd1" + _counted(items)
    items = [encode(item) for item in value]
    if not isinstance(value, Array):
        return b"\xd0" + _counted(items)
    constructor = items[0][:1] if items else b"\x40"
    body = len(items).to_bytes(4, "big") + constructor + b"".join(item[1:] for item in items)
    return b"\xf0" + _sized(body)


def _sized(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw


def _counted(items: list[bytes]) -> bytes:
    return _sized(len(items).to_bytes(4, "big") + b"".join(items))


AMQP_FRAME, SASL_FRAME = 0, 1


def frame(kind: int, channel: int, performative: Described | None = None, payload: bytes = b"") -> bytes:
    """A frame; without a performative it is empty and only says that somebody is there."""
    body = b"" if performative is None else encode(_short(performative))
    return struct.pack(">IBBH", 8 + len(body) + len(payload), 2, kind, channel) + body + payload


def _short(performative: Described) -> Described:
    """Without the fields at the end that are not set."""
    fields = list(performative.value)
    while fields and fields[-1] is None:
        fields.pop()
    return performative._replace(value=fields)
