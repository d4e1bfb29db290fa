"""A campaign in a file: YAML or JSON in, the request out, and the line on which each of its fields stands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from local.cli.contact import read
from local.cli.errors import Refused

_STEP = re.compile(r"[^.\[\]]+")


class CampaignFile:
    """Reads at once. Raises Refused, naming the line, if it is not what it should be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        text = _decoded(path)
        self._content = _json(path, text) if path.suffix.lower() == ".json" else _yaml(path, text)
        if not isinstance(self._content, dict):
            raise Refused(f"{path}: must hold a campaign's fields, such as name and brief")

    def request(self) -> bytes:
        """The body of POST /campaigns. Raises Refused for what JSON cannot say."""
        try:
            return json.dumps(self._content, allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise Refused(f"{self.path}: holds what JSON has no word for: {error}") from error

    def located(self, sentence: str) -> str:
        """`field: reason` with the place in the file before it; a field that is not there has the line above it."""
        line = self._line(sentence.partition(": ")[0])
        return f"{self.path}:{line}: {sentence}" if line else f"{self.path}: {sentence}"

    def _line(self, field: str) -> int | None:
        node, line = self._content, None
        for step in _STEP.findall(field):
            key: Any = int(step) if isinstance(node, CommentedSeq) and step.isdecimal() else step
            try:
                found = node.lc.data[key][0]
                node, line = node[key], found + 1
            except (AttributeError, KeyError, IndexError, TypeError):
                break
        return line


class _Constructor(RoundTripConstructor):
    """A time stays the text that was written: the API reads it, and says what is wrong with it."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


def _yaml(path: Path, text: str) -> Any:
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _Constructor
    try:
        return yaml.load(text)
    except DuplicateKeyError as error:
        key = re.search(r'duplicate key "([^"]*)"', str(error))
        raise Refused(f"{path}:{_mark(error)}: {key[1] if key else 'a key'}: stands here a second time") from error
    except MarkedYAMLError as error:
        raise Refused(f"{path}:{_mark(error)}: is not YAML: {error.problem or error.context}") from error
    except YAMLError as error:
        raise Refused(f"{path}: is not YAML: {str(error).splitlines()[0]}") from error


def _mark(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def _json(path: Path, text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise Refused(f"{path}:{error.lineno}: is not JSON: {error.msg}") from error
    except ValueError as error:
        raise Refused(f"{path}: {error}") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise ValueError(f"{key}: stands in one object a second time")
        made[key] = value
    return made


def _decoded(path: Path) -> str:
    try:
        return read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{path}: is not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}") from error
