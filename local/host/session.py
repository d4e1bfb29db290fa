"""Instances in memory: what is known of one, and the cache that keeps live executions between turns."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from local.host.model import FINISHED
from local.host.rows import Changes, Message, Record, Timer
from local.host.sdk import Execution
from local.host.store import Store


@dataclass(slots=True)
class Session:
    """One instance: its row, what it has not taken yet, its open timers, and (while live) its execution."""

    record: Record
    mailbox: list[Message] = field(default_factory=list)
    timers: set[int] = field(default_factory=set)
    execution: Execution | None = None
    time: str = ""  # of the last turn
    changes: Changes = field(default_factory=Changes)

    @property
    def finished(self) -> bool:
        """Whether it has come to its end."""
        return self.record.status in FINISHED

    def begin_again(self) -> None:
        """The next turn begins a new execution: history and timers of the old one go, messages stay."""
        self.changes.forget.add("history")
        self.changes.chunks.clear()
        self.record.chunks, self.record.tail = 0, None
        self.forget_timers()

    def close(self) -> None:
        """At its end an instance takes no more messages, and its timers go."""
        self.forget_timers()
        self.changes.forget.add("inbox")
        self.changes.mail_gone.clear()
        self.mailbox.clear()

    def open_timer(self, task: int, fire_at: str, activity: str | None = None, input_text: str | None = None) -> None:
        """Let a timer fire at `fire_at`, or the task's activity be called again then."""
        timer = Timer(self.record.id, task, self.record.execution_id, fire_at, activity, input_text)
        self.timers.add(task)
        self.changes.timers[task] = timer

    def close_timer(self, task: int) -> None:
        """A timer has fired or is cancelled."""
        self.timers.discard(task)
        self.changes.timers.pop(task, None)
        self.changes.timers_gone.append(task)

    def forget_timers(self) -> None:
        """No timer of the execution fires any more; neither is the execution needed."""
        if self.timers:
            self.changes.forget.add("timers")
        self.changes.timers_gone += self.timers
        self.changes.timers.clear()
        self.timers.clear()
        self.execution = None

    def forget_work(self) -> None:
        """Activities that have not started are not run."""
        self.changes.forget.add("work")
        self.changes.work.clear()

    def settle(self, store: Store) -> None:
        """Number what the instance has not taken, so that it is written to the inbox."""
        for message in self.mailbox:
            if message.seq is None:
                message.seq = store.next_mail()
                self.changes.mail.append(message)


class Sessions:
    """The instances kept in memory between batches, the least recently used beyond `capacity` left out."""

    def __init__(self, store: Store, capacity: int) -> None:
        self._store = store
        self._capacity = capacity
        self._live: OrderedDict[str, Session] = OrderedDict()

    def __contains__(self, instance_id: str) -> bool:
        """Whether memory holds it, as committed and not ended. For any thread."""
        return instance_id in self._live

    def find(self, instance_id: str) -> Session | None:
        """The instance, from memory or else as committed; None when there is none."""
        session = self._live.get(instance_id)
        if session is not None:
            return session
        record = self._store.record(instance_id)
        if record is None:
            return None
        if record.status in FINISHED:
            return Session(record)
        return Session(record, self._store.mail(instance_id), self._store.open_timers(instance_id))

    def keep(self, session: Session) -> None:
        """Keep a committed session for its next turn."""
        session.changes = Changes()
        if session.finished:
            self.drop(session.record.id)
            return
        self._live[session.record.id] = session
        self._live.move_to_end(session.record.id)
        while len(self._live) > self._capacity:
            self._live.popitem(last=False)

    def drop(self, instance_id: str) -> None:
        """Forget what memory knows; the next turn reads what was committed."""
        self._live.pop(instance_id, None)
