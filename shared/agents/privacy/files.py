"""Where a person is in the files of a workspace, and how they are taken out of those of imports."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import orjson

from shared.agents.contacts.quarantine import NAME, without
from shared.agents.privacy.places import Place, everything
from shared.agents.privacy.subject import GONE
from shared.domain.charset import marked
from shared.domain.names import Kind
from shared.domain.segment import Filter
from shared.process.rows.uploads import MOST_MB

_TEXTS = (".html", ".json", ".jsonl", ".md", ".csv", ".txt")
"""Endings of files that are read for names: others hold pictures, or lie beside a text that says the same."""
_PACKED = b"PK\x03\x04"
_MOST = MOST_MB << 20
"""Bytes of all parts of an archive."""
_DEEPEST = 2
_HASHED = ("/plan/", "/audience")
"""Parts of a campaign that hold ids and keyed hashes, and may have a million lines."""


def import_files(place: Place) -> Iterator[str]:
    """Files of imports that hold a row of theirs."""
    for path in place.ports.files.list(place.scope, "imports/"):
        if _without(place, path, place.ports.files.get(place.scope, path)) is not None:
            yield path


def take_out(place: Place, path: str) -> None:
    """Take their rows out of a file of an import; the file as it came goes as a whole. Repeatable."""
    found = _without(place, path, place.ports.files.get(place.scope, path))
    if found == b"":
        place.ports.files.delete(place.scope, path)
    elif found is not None:
        place.ports.files.put(place.scope, path, found)


def imports_running(place: Place) -> bool:
    """Is a file being taken in, which may yet bring them back?"""
    running = Filter("status", "eq", "running")
    return next(everything(place.ports, place.scope, Kind.IMPORT, running), None) is not None


def files_naming(place: Place) -> Iterator[str]:
    """Other files that name them: they are listed, for a person to decide."""
    for path in place.ports.files.list(place.scope, ""):
        if path.startswith(("imports/", "exports/", "erasures/")) or not path.endswith(_TEXTS):
            continue
        if path.startswith("campaigns/") and any(part in path for part in _HASHED):
            continue
        if place.who.named_in(place.ports.files.get(place.scope, path).decode(errors="replace")):
            yield path


def _without(place: Place, path: str, data: bytes) -> bytes | None:
    """What is left of it without them, nothing of it if it has to go; None if they are not in it."""
    if path.endswith("/source"):
        return b"" if _may_be_in(place, data) else None
    if path.endswith(f"/{NAME}"):
        return without(data, place.who.hinted_at_in)
    if "/before/" in path:
        images = orjson.loads(data)
        rest = {id: each for id, each in images.items() if not _is_about(place, each["after"], each)}
        return orjson.dumps(rest) if len(rest) < len(images) else None
    if "/examples-" in path:
        shown = orjson.loads(data)
        left = [each for each in shown if not place.who.hinted_at_in(f"{each['email']} {each['why']}")]
        return orjson.dumps(left) if len(left) < len(shown) else None
    if "/batches/" in path:
        lines = data.splitlines()
        others = [line for line in lines if not _is_about(place, orjson.loads(line), line)]
        return b"\n".join(others) or b"\n" if len(others) < len(lines) else None
    if path.endswith("/errors.json"):
        reasons = orjson.loads(data)
        kept = [{**each, "reason": GONE} if place.who.hinted_at_in(each["reason"]) else each for each in reasons]
        return orjson.dumps(kept) if kept != reasons else None
    return None


def _is_about(place: Place, entry: dict[str, Any], whole: object) -> bool:
    """People by their id; of a deal, by what stands there."""
    if "person" in entry:
        return bool(entry["person"] == place.who.person)
    return place.who.hinted_at_in(whole.decode() if isinstance(whole, bytes) else orjson.dumps(whole).decode())


def _may_be_in(place: Place, data: bytes) -> bool:
    """What cannot be looked into may hold anybody."""
    try:
        return any(place.who.hinted_at_in(text) for text in _texts(data))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, zlib.error):
        return True


def _texts(data: bytes, depth: int = 0, most: int = _MOST) -> Iterator[str]:
    """What is in the file as it came; of an archive or a workbook, what is in each of its parts, and of a workbook in
    an archive, too. Raises ValueError where that is more than a list of people has, or lies deeper."""
    if data[:4] != _PACKED:
        yield _text(data)
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if depth == _DEEPEST or sum(part.file_size for part in parts) > most:
            raise ValueError("too much is packed in it")
        for part in parts:
            yield from _texts(archive.read(part), depth + 1, most // len(parts))


def _text(data: bytes) -> str:
    """As its mark says, UTF-8, or Windows-1252 as older spreadsheets save it."""
    try:
        return data.decode(marked(data) or "utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-16-le" if b"\0" in data[:100] else "cp1252", errors="replace")
