"""What the log says of a mail that could not be taken in: nothing that stood in it. Imported at the first call."""

from __future__ import annotations

from pathlib import PurePath
from traceback import extract_tb

from shared.logs import log


def tell(fault: Exception) -> None:
    """The kind of the fault, and where in the code; what it says itself may be of the mail."""
    at = extract_tb(fault.__traceback__)[-1]
    log().warning(
        "a mail could not be taken in; it lies in the mailbox as read",
        exception=f"{type(fault).__name__} at {PurePath(at.filename).name}:{at.lineno}",
    )
