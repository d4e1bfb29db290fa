"""Where Baton's own data lies: documents, ledger, journal, files, knowledge; and the keys that guard them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from shared import home as secrets
from shared.adapters._azure.blobs import blob_service
from shared.adapters._azure.cosmos import cosmos_client
from shared.adapters._azure.tables import table_service
from shared.adapters.documents.cosmos import CosmosDocuments
from shared.adapters.documents.encrypted import EncryptedDocuments
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.adapters.files.blob import BlobFiles
from shared.adapters.files.folder import FolderFiles
from shared.adapters.folders.named import NamedFolders
from shared.adapters.journal.sqlite import SqliteJournal
from shared.adapters.journal.tables import TablesJournal
from shared.adapters.knowledge.published import PublishedKnowledge
from shared.adapters.knowledge.sqlite import SqliteKnowledge
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.adapters.ledger.tables import TablesLedger
from shared.domain.faults import Misconfigured
from shared.domain.folder_places import folder_places
from shared.ports import Documents, Files, Folders, Journal, Keys, Knowledge, Ledger
from shared.settings import Settings
from shared.wiring.home import Home

_LOCAL, _AZURE = "local", "azure"
"""The replicas that documents are `changed_by`."""
_KILLED = timedelta(hours=1)
"""What has been unfinished for so long was left by a process that is gone."""


def keys(home: Home) -> Keys:
    """Those of the file are always those of now."""
    if home.key_file is not None:
        return home.key_file.following()
    try:
        return secrets.read_keys(home.settings.keys or "", "it")
    except ValueError as error:
        raise Misconfigured("BATON_KEYS", str(error).removeprefix("it ")) from None


def documents(home: Home) -> EncryptedDocuments:
    """Whichever the home is, marked fields reach it encrypted."""
    if home.key_file is not None:
        return EncryptedDocuments(_plain_documents(home), home.key_file.keys)
    given = keys(home)
    return EncryptedDocuments(_plain_documents(home), lambda: given)


def _plain_documents(home: Home) -> Documents:
    where = home.settings.documents
    if where is None:
        return SqliteDocuments(home.database, clock=home.clock, replica=_LOCAL)
    return home.closing(CosmosDocuments(partial(cosmos_client, where), clock=home.clock, replica=_AZURE))


def ledger(home: Home) -> Ledger:
    where = home.settings.ledger
    if where is None:
        return SqliteLedger(home.database)
    return home.closing(TablesLedger(partial(table_service, where), home.clock.pace))


def journal(home: Home) -> Journal:
    where = home.settings.journal
    if where is None:
        return SqliteJournal(home.database)
    return home.closing(TablesJournal(partial(table_service, where), home.clock.pace))


def files(home: Home) -> Files:
    where = home.settings.files
    if where is not None:
        return home.closing(BlobFiles(partial(blob_service, where), home.clock))
    found = FolderFiles(home.settings.home / "files")
    found.sweep(home.clock.now() - _KILLED)
    return found


def folders(home: Home) -> Folders | None:
    """The folders outside `files` that are named in the setting; those in Blob storage lie where Baton's files do."""
    chosen = home.settings
    if chosen.folders is None:
        return None
    try:
        places = folder_places(chosen.folders)
    except ValueError as error:
        raise Misconfigured("BATON_FOLDERS", str(error)) from None
    connect = partial(blob_service, chosen.files) if chosen.files else None
    return home.closing(NamedFolders(places, connect, home.clock))


def knowledge(home: Home, files: Files) -> Knowledge:
    """Documents in Cosmos DB have many machines before them: then the index is published for all of them."""
    folder = home.settings.home / "knowledge"
    if home.settings.documents is not None:
        return PublishedKnowledge(files, folder)
    return home.closing(SqliteKnowledge(folder))


def scrub(home: Home) -> Callable[[], None] | None:
    """Whatever of the three lies in the file is gone from it then."""
    chosen = home.settings
    return home.database.scrub if None in (chosen.documents, chosen.ledger, chosen.journal) else None


def hosts(chosen: Settings) -> list[str]:
    """Who keeps what does not lie on this machine."""
    kept = {
        "documents": ("Azure Cosmos DB", chosen.documents),
        "ledger": ("Azure Table storage", chosen.ledger),
        "journal": ("Azure Table storage", chosen.journal),
        "files": ("Azure Blob storage", chosen.files),
    }
    return [f"{store}: {service}, {where.host}" for store, (service, where) in kept.items() if where]
