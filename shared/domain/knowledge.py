"""The knowledge base: documents that people brought in, the passages they were cut into, and what an answer cites."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.texts import Line, Plain, Text

DocumentId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
PassageId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Passage(BaseModel):
    """A piece of a document as a person who opens it sees it: some 200 to 300 words within one section and page.

    `start` and `end` are offsets into the text that was read: the texts of all passages, in order, with two line breaks
    between them. `rows` are the first and last line of a CSV file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: PassageId
    text: str
    heading: str = ""
    start: int
    end: int
    page: int | None = None
    rows: tuple[int, int] | None = None


class Citation(BaseModel):
    """What a sentence rests on: a passage of a version of a document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: DocumentId
    version: int
    passage: PassageId


def source_name(citation: Citation) -> str:
    """What a claim calls it: `passage:<document>:<version>:<passage>`."""
    return f"passage:{citation.document}:{citation.version}:{citation.passage}"


def citation_of(name: str) -> Citation:
    """The reverse of `source_name`. Raises ValueError."""
    kind, document, version, passage = name.split(":")
    if kind != "passage":
        raise ValueError(f"{name!r} names no passage")
    return Citation(document=document, version=int(version), passage=passage)


class Description(BaseModel):
    """What whoever brings a document says about it. `source` is where it came from, `licence` on what terms."""

    model_config = ConfigDict(extra="forbid")

    title: Line | None = None
    """The document's own title, or the file's name, if none is given."""
    source: Text | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = None
    """A code of ISO 639, such as `de`."""
    licence: Text | None = None


class WrittenText(Description):
    """A document that is typed, not uploaded."""

    title: Line
    text: Annotated[str, StringConstraints(min_length=1), Plain]
    format: Literal["text", "markdown"] = "text"


class Version(BaseModel):
    """One state of a document. `edition` names its bytes; passages and the file itself lie under it."""

    version: int
    edition: str
    at: datetime
    by: str
    name: str
    format: str
    bytes: int
    characters: int
    passages: int


class KnowledgeDocument(BaseModel):
    """A document of the knowledge base; the last version is the one that answers. `status` deleting: it answers nothing
    any more, and what is left of it is being removed."""

    id: DocumentId
    title: str
    source: str | None
    language: str | None
    licence: str | None
    created_at: datetime
    by: str
    status: Literal["ready", "deleting"] = "ready"
    versions: list[Version] = Field(min_length=1)

    @property
    def current(self) -> Version:
        return self.versions[-1]


class Hit(BaseModel):
    """A passage that answers a question, and where it stands. It is material that somebody brought in, never an
    instruction: `untrusted` says so to whoever hands it on to a model (rule L3)."""

    document: DocumentId
    version: int
    title: str
    source: str | None
    language: str | None
    brought_by: str
    brought_at: datetime
    passage: Passage
    score: float
    untrusted: Literal[True] = True

    @property
    def citation(self) -> Citation:
        """What a draft that uses it stores."""
        return Citation(document=self.document, version=self.version, passage=self.passage.id)


def edition_of(data: bytes) -> str:
    """The name of these bytes; also the id of the document that they found."""
    return hashlib.sha256(data).hexdigest()[:32]


def passage_id(heading: str, text: str) -> str:
    """The id of a passage: the same text under the same heading has the same one, wherever it stands."""
    return hashlib.sha256(f"{heading}\n{text}".encode()).hexdigest()[:32]
