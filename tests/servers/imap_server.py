"""A small IMAP server inside the test (RFC 9051): one folder; LOGIN, SELECT, UID SEARCH UNSEEN, FETCH and STORE."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "returns@praxis.example", "s3cret/pass word"


@dataclass
class Folder:
    """Mails by their UID, and those that were seen. `breaks_at`: the connection is lost before that UID is fetched."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    port: int = 0
    breaks_at: int | None = None

    def put(self, mail: bytes) -> int:
        uid = len(self.mails) + 1
        self.mails[uid] = mail
        return uid


@contextmanager
def imap_server() -> Iterator[Folder]:
    """Run it in threads of its own; it is gone when the block ends."""
    folder = Folder()

    class Conversation(_Conversation):
        held = folder

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        folder.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield folder
        finally:
            server.shutdown()
            thread.join(10)


class _Conversation(socketserver.StreamRequestHandler):
    held: Folder

    def handle(self) -> None:
        self._say(b"* OK ready")
        self._in = False
        for line in self.rfile:
            tag, _, rest = line.strip().partition(b" ")
            if not self._obey(tag, rest.decode()):
                return

    def _obey(self, tag: bytes, command: str) -> bool:
        verb, _, rest = command.partition(" ")
        match verb.upper():
            case "CAPABILITY":
                self._say(b"* CAPABILITY IMAP4rev1", tag + b" OK done")
            case "LOGIN":
                self._in = rest == f'{USER} "{PASSWORD}"'
                self._say(tag + (b" OK done" if self._in else b" NO wrong password"))
            case "LOGOUT":
                self._say(b"* BYE", tag + b" OK done")
                return False
            case "SELECT" if self._in and rest == '"INBOX"':
                self._say(b"* %d EXISTS" % len(self.held.mails), tag + b" OK [READ-WRITE]")
            case "UID" if self._in:
                return self._uid(tag, rest)
            case _:
                self._say(tag + b" NO not understood")
        return True

    def _uid(self, tag: bytes, command: str) -> bool:
        if command == "SEARCH UNSEEN":
            unseen = sorted(self.held.mails.keys() - self.held.seen)
            self._say(b"* SEARCH " + b" ".join(b"%d" % uid for uid in unseen), tag + b" OK done")
        elif found := re.fullmatch(r"FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            uid, most = int(found[1]), int(found[2])
            if uid == self.held.breaks_at:
                return False
            text = self.held.mails[uid][:most]
            self._say(b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n%b)" % (uid, uid, len(text), text), tag + b" OK done")
        elif found := re.fullmatch(r"STORE (\d+) \+FLAGS\.SILENT \(\\Seen\)", command):
            self.held.seen.add(int(found[1]))
            self._say(tag + b" OK done")
        else:
            self._say(tag + b" BAD " + command.encode())
        return True

    def _say(self, *lines: bytes) -> None:
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))
