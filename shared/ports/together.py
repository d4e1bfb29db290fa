"""What an agent is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shared.domain.relay import Relay
from shared.domain.routing import HomeName
from shared.ports.books import Books
from shared.ports.bus import Bus
from shared.ports.calendars import Calendar, CalendarFiles
from shared.ports.channels import Channel
from shared.ports.clock import Clock
from shared.ports.copies import Copies
from shared.ports.dkim import DkimKeys
from shared.ports.dns import Resolver
from shared.ports.documents import Documents
from shared.ports.encryption import Encryption, KeyRings, Keys
from shared.ports.endpoints import Endpoints
from shared.ports.files import Files
from shared.ports.folders import Folders
from shared.ports.journal import Journal
from shared.ports.knowledge import Knowledge, Reader
from shared.ports.ledger import Ledger
from shared.ports.mailboxes import Mailbox
from shared.ports.models import Model, Question
from shared.ports.sources import Sites, Source, SourceName


@dataclass(frozen=True)
class Ports:
    """Everything an agent may touch."""

    documents: Documents
    ledger: Ledger
    journal: Journal
    files: Files
    models: Mapping[HomeName, Model]
    """The homes of models that are configured; the built-in writer is always among them."""
    channels: Mapping[str, Channel]
    clock: Clock
    keys: Keys
    dkim: DkimKeys
    resolver: Resolver
    relays: Sequence[Relay]
    """Through whom e-mail leaves for the world; none: it stays on this machine."""
    public_url: str
    timezone: str
    knowledge: Knowledge
    reader: Reader
    books: Books | None = None
    """None: nothing is asked of outside books, and no payment is told by them."""
    mailbox: Mailbox | None = None
    programs: Mapping[str, str] = field(default_factory=dict)
    """Executables that processes may run: name -> path."""
    fonts: Sequence[Path] = ()
    """Folders with fonts beside those that come along."""
    bus: Bus | None = None
    """None: there is neither a namespace nor an embedded host."""
    endpoints: Endpoints | None = None
    """None: nothing is posted to webhooks."""
    sources: Mapping[SourceName, Source] = field(default_factory=dict)
    """Where companies are found, beside files that somebody brings."""
    sites: Sites | None = None
    """None: no web site is looked at."""
    text_signers: Sequence[str] = ()
    """With what those sign who bring news of text messages: the tokens of Twilio accounts."""
    tenants: Sequence[str] = ("local",)
    """The agencies that are served here; timers walk their scopes."""
    outbox: Copies | None = None
    """None: nothing is kept here of a message that left."""
    hosts: Sequence[str] = ()
    """Services that keep the stores, as `store: service, host`; none: they lie on this machine."""
    scrub: Callable[[], None] | None = None
    """Overwrite what deleted records left on this machine's disk; None: no record is kept here."""
    folders: Folders | None = None
    """Named folders outside `files` (BATON_FOLDERS); None: there are none."""
    encryption: Encryption | None = None
    """None: nothing is encrypted at rest."""
    rings: KeyRings | None = None
    """None: the keys come by a setting, and are changed where that is kept."""
    work: Path | None = None
    """Where steps of processes have their folders while they work; None: where the system keeps temporary files."""
    calendar: Calendar | None = None
    """When the sender is busy. None: there is no calendar, and so nothing is."""
    calendar_files: CalendarFiles | None = None
    """None: no files of calendars are read."""
    listener: Callable[[str, Question], None] | None = None
    """Told of every question, by the key of its call, before it is answered: only a replay listens."""

    @property
    def as_found(self) -> Documents:
        """Documents as they are found: no value that cannot be decrypted stops who reads them."""
        return self.encryption.as_found if self.encryption else self.documents
