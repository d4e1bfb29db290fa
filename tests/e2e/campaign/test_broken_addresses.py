"""Five in a hundred addresses of a list are broken, as they are in every list: they stop nobody else."""

from __future__ import annotations

from pathlib import Path

from tests.servers.smtp_strict import Manner, strict_server

from .baton import CSV, Baton

PEOPLE, BROKEN, GONE = 2000, 60, 40
WRONG = ("no address", "half@", "@half.example", "two@@people.example", "a b@people.example", "a@people..example")


def line(n: int) -> str:
    """Every twentieth is broken: most cannot be an address at all, of the others the mail server knows nothing."""
    if n % 20:
        return f"user{n}@people.example,User{n},UTC,yes\n"
    bad = n // 20
    address = WRONG[bad % len(WRONG)] if bad < BROKEN else f"r550@nobody{n}.example"
    return f"{address},User{n},UTC,yes\n"


def test_a_list_with_five_percent_broken_addresses_is_sent_to_the_end(tmp_path: Path) -> None:
    with strict_server(Manner()) as server:
        url = f"smtp://127.0.0.1:{server.port}?rate_per_second=2000"
        baton = Baton(tmp_path, BATON_SMTP_URL=url).start()
        rows = CSV + "".join(line(n) for n in range(PEOPLE))
        accepted = baton.ask("POST", "contacts/imports", content=rows, headers={"Content-Type": "text/csv"})
        imported = baton.imported(accepted["id"])
        assert (imported["created"], imported["quarantined"]) == (PEOPLE - BROKEN, BROKEN)
        wrong = [(each["line"], each["field"]) for each in imported["errors"]]
        assert wrong == [(2 + 20 * bad, "email") for bad in range(BROKEN)]
        id = baton.create()
        baton.approve(id)
        baton.until(id, "completed", seconds=120)
        certificate = baton.certificate(id)
        assert (certificate["sent_once"], certificate["failed"]) == (PEOPLE - BROKEN - GONE, GONE)
        assert (certificate["sent_twice"], certificate["unknown"], certificate["remaining"]) == (0, 0, 0)
        assert len(set(server.recipients())) == len(server.recipients()) == PEOPLE - BROKEN - GONE
        baton.kill()
