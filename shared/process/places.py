"""Files that a step is given: kept ones of the run, and those in folders outside."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from shared.domain.faults import Misconfigured, Unavailable
from shared.ports import Ports
from shared.ports.folders import Folders, NoFolder, NotAllowed
from shared.process.declared import Id
from shared.process.errors import InputError, PolicyError, ProviderError, ResourceError, TransientError
from shared.process.steps.call import Desk, Kept


class Place(BaseModel):
    """A file in a folder outside."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Id
    path: str = Field(max_length=900)

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.folder}:{self.path}"


class Matching(BaseModel):
    """All files in a folder whose path fits: `*` is part of a name, `**` any folders."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Id
    glob: str = Field(max_length=900)


def _shape(given: Any) -> str | None:
    """Which of them it is, by its fields: so that what is wrong is said of that one only."""
    if isinstance(given, list):
        return "list"
    named = given if isinstance(given, dict) else vars(given) if isinstance(given, BaseModel) else {}
    found = {"file": "kept", "glob": "matching", "path": "place"}
    return next((shape for field, shape in found.items() if field in named), "place" if named else None)


AFile = Annotated[
    Annotated[Kept, Tag("kept")] | Annotated[Place, Tag("place")],
    Discriminator(_shape),
]
"""A kept file of the run, or one in a folder."""
InFolders = Annotated[
    Annotated[Place, Tag("place")] | Annotated[Matching, Tag("matching")] | Annotated[list[Place], Tag("list")],
    Discriminator(_shape),
]
"""Files in folders: one, all that match, or several."""
Given = Annotated[
    Annotated[Kept, Tag("kept")]
    | Annotated[Place, Tag("place")]
    | Annotated[Matching, Tag("matching")]
    | Annotated[list[AFile], Tag("list")],
    Discriminator(_shape),
]
"""What `files.*` take: one file or several."""
MOST_FILES = 10_000


def several(desk: Desk, given: Kept | Place | Matching | Sequence[Kept | Place]) -> list[Kept | Place]:
    """One by one, those of a folder in the order of their paths. Raises InputError."""
    found: list[Kept | Place] = []
    if isinstance(given, Matching):
        with reaching(desk.ports) as folders:
            listed = folders.list(desk.scope, given.folder, given.glob)
            found += [Place(folder=given.folder, path=each.path) for each in islice(listed, MOST_FILES + 1)]
    else:
        found += [given] if isinstance(given, Kept | Place) else given
    if len(found) > MOST_FILES:
        raise InputError(f"there are more than {MOST_FILES:,} files", "files")
    return found


def kept(desk: Desk, file: Kept | Place) -> Kept:
    """The file as one of the run. Raises InputError if it is not there."""
    if isinstance(file, Kept):
        return file
    path = desk.folder / "brought" / hashlib.sha256(str(file).encode()).hexdigest()[:16]
    path.parent.mkdir(exist_ok=True)
    with reaching(desk.ports) as folders, path.open("wb") as target:
        for block in folders.read(desk.scope, file.folder, file.path):
            target.write(block)
            desk.beat()
    try:
        return desk.keep(path, file.name)
    finally:
        path.unlink()


@contextmanager
def reaching(ports: Ports) -> Iterator[Folders]:
    """The folders; what goes wrong with them as errors of steps."""
    if ports.folders is None:
        raise InputError("there are no folders: the setting BATON_FOLDERS names them", "folder")
    try:
        yield ports.folders
    except NoFolder as error:
        raise InputError(str(error).removeprefix("folder: "), "folder") from None
    except NotAllowed as error:
        raise PolicyError(str(error).removeprefix("path: "), "path") from None
    except FileNotFoundError as error:
        raise InputError(f"there is no file {str(error.filename or error)[:200]!r}", "path") from None
    except Misconfigured as error:
        raise ProviderError(str(error), "folder") from None
    except Unavailable as error:
        raise TransientError(str(error), "folder") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise ResourceError("the folder is full", "folder") from None
        why = errno.errorcode.get(error.errno or 0, str(error))
        raise TransientError(f"the folder cannot be used just now ({why})", "folder") from None
