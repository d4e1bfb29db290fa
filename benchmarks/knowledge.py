"""The knowledge base at size: documents taken in through the reader's process, then searched by words; beside its
floor, a bare FTS5 query for the same words. `python -m benchmarks.knowledge [--passages N] [--folder DIR]` prints one
JSON line a case. What stands in DIR already is searched without taking it in again."""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from itertools import accumulate
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from shared.agents import knowledge
from shared.domain.knowledge import Description
from shared.domain.knowledge_terms import asked
from shared.ports import Ports
from tests.integration.contacts.home import SCOPE, home

SEED = 20_260_302
VOCABULARY = 60_000
PASSAGE_WORDS = 220
A_DOCUMENT = 5_000
"""Passages."""
ENDINGS = ("", "", "", "e", "en", "s", "ung", "er", "ing")
QUESTIONS = 100
FLOOR = 20
"""Questions to the floor: some take it a second."""
DRAWN = 80
WANTED = 10


class Language:
    """Words as frequent as in a real language: the n-th comes 1/n times as often as the first (Zipf)."""

    def __init__(self) -> None:
        self._dice = random.Random(SEED)
        syllables = [first + vowel for first in "bdfgklmnprstw" for vowel in "aeiou"]
        stems = ["".join(self._dice.choices(syllables, k=2 + n % 3)) for n in range(VOCABULARY)]
        self._words = [stem + self._dice.choice(ENDINGS) for stem in stems]
        self._weights = list(accumulate(1 / (n + 3) for n in range(VOCABULARY)))

    def passage(self) -> str:
        """A paragraph that is a passage of its own."""
        return " ".join(self._dice.choices(self._words, cum_weights=self._weights, k=PASSAGE_WORDS))

    def some(self, first: int, last: int, count: int) -> list[str]:
        """Words by their rank."""
        return self._dice.sample(self._words[first:last], count)


def documents(language: Language, passages: int) -> Iterator[bytes]:
    for start in range(0, passages, A_DOCUMENT):
        count = min(A_DOCUMENT, passages - start)
        yield "\n\n".join(language.passage() for _ in range(count)).encode()


def take_in(ports: Ports, language: Language, passages: int) -> dict[str, object]:
    """Everything through the front door; memory is that of this process, once early and at the end."""
    seconds, sizes, early = 0.0, 0, 0
    for number, data in enumerate(documents(language, passages)):
        begin = perf_counter()
        brought = knowledge.Brought(data, "text", f"{number}.txt")
        knowledge.bring_in(ports, SCOPE, "bench", brought, Description(title=str(number)))
        seconds, sizes = seconds + perf_counter() - begin, sizes + len(data)
        early = early or peak_megabytes()
    return {
        "passages": passages,
        "megabytes": round(sizes / 1e6),
        "seconds": round(seconds, 1),
        "passages_per_second": round(passages / seconds),
        "peak_megabytes_after_one_document": early,
        "peak_megabytes": peak_megabytes(),
    }


def questions(language: Language) -> dict[str, list[str]]:
    """As people ask: a telling word or two among common ones; and the worst that they could ask."""
    kinds = {
        "usual": lambda: language.some(0, 60, 3) + language.some(500, 20_000, 2),
        "rare words": lambda: language.some(5_000, 50_000, 4),
        "middling words": lambda: language.some(300, 5_000, 4),
        "common words only": lambda: language.some(0, 300, 4),
    }
    return {kind: [" ".join(ask()) for _ in range(QUESTIONS)] for kind, ask in kinds.items()}


def timed(ask: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    """Milliseconds of each."""
    found = []
    for query in queries:
        begin = perf_counter()
        ask(query)
        found.append((perf_counter() - begin) * 1000)
    return found


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(milliseconds, n=100)
    return {"p50_ms": round(cuts[49], 2), "p95_ms": round(cuts[94], 2), "most_ms": round(max(milliseconds), 2)}


def floor(index: Path) -> Callable[[str], list[tuple[int]]]:
    """The same terms to SQLite, best ten by rank, nothing else."""
    connection = sqlite3.connect(index)

    def ask(query: str) -> list[tuple[int]]:
        match = " OR ".join(f'"{term}"' for term in asked(query))
        sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        return connection.execute(sql, (match, WANTED)).fetchall()

    return ask


def recall(ports: Ports, index: Path) -> dict[str, float]:
    """How often a passage is among the first ten for five of its own words, drawn by chance; and the floor's."""
    dice, ask = random.Random(SEED), floor(index)
    with closing(sqlite3.connect(index)) as connection:
        (last,) = connection.execute("SELECT max(id) FROM passages").fetchone()
        ids = [dice.randint(1, last) for _ in range(DRAWN)]
        rows = [connection.execute("SELECT hash, text FROM passages WHERE id = ?", (id,)).fetchone() for id in ids]
    ours = bare = 0
    for id, (hash, text) in zip(ids, rows, strict=True):
        query = " ".join(dice.sample(text.split(), 5))
        ours += hash.hex() in {hit.passage.id for hit in knowledge.search(ports, SCOPE, query, WANTED)}
        bare += (id,) in ask(query)
    return {"baton": round(ours / DRAWN, 3), "floor": round(bare / DRAWN, 3)}


def peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "linux" else 1024**2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with nullcontext(given.folder) if given.folder else tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "knowledge" / SCOPE.tenant / f"{SCOPE.workspace}.db"
        language = Language()
        with home(Path(folder)) as ports:
            if not index.exists():
                print(json.dumps({"case": "take in", **take_in(ports, language, given.passages)}), flush=True)
            ours = lambda query: knowledge.search(ports, SCOPE, query, WANTED)  # noqa: E731
            for kind, queries in questions(language).items():
                mine, bare = timed(ours, queries), timed(floor(index), queries[:FLOOR])
                shown = {"baton": percentiles(mine), "floor": percentiles(bare)}
                print(json.dumps({"case": kind, "questions": len(queries), **shown}), flush=True)
            print(json.dumps({"case": "five words of a passage find it among ten", **recall(ports, index)}))


if __name__ == "__main__":
    main()
