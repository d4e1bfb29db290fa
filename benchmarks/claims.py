"""How often the judge of claims errs: good sentences that it blocks, invented ones that it lets pass.

`python -m benchmarks.claims [--show] [--part tune|test]`. The corpus was written without knowledge of the judge; its
half `tune` was looked at when the judge was made, its half `test` was not. Goal: at most 5 % each."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from shared.domain.claims import Judgement, Source, judge

CORPUS = Path(__file__).parent / "data" / "claims.yaml"
GOAL = 0.05


def cases(part: str | None = None) -> list[dict[str, Any]]:
    """The cases of the corpus, all or those of one part."""
    found: list[dict[str, Any]] = YAML(typ="safe").load(CORPUS)
    return [case for case in found if part in (None, case["part"])]


def blocked(case: dict[str, Any], said: str) -> list[Judgement]:
    """What of a sentence is not carried by the case's sources."""
    sources = [Source(name, text) for name, text in case["sources"].items()]
    return [each for each in judge(said, sources, case["language"]) if each.verdict == "unsupported"]


def errors(found: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any], str, list[Judgement]]]:
    """Every sentence that is judged wrongly: (good or invented, its case, the sentence, what was said against it)."""
    for case in found:
        for label in ("good", "invented"):
            for said in case[label]:
                against = blocked(case, said)
                if bool(against) == (label == "good"):
                    yield label, case, said, against


def rates(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Both rates, with the counts behind them."""
    wrong = [label for label, *_ in errors(found)]
    counted = {label: sum(len(case[label]) for case in found) for label in ("good", "invented")}
    return {
        "good": counted["good"],
        "good_blocked": round(wrong.count("good") / max(1, counted["good"]), 3),
        "invented": counted["invented"],
        "invented_passed": round(wrong.count("invented") / max(1, counted["invented"]), 3),
        "goal": GOAL,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list the sentences that are judged wrongly")
    parser.add_argument("--part", choices=("tune", "test"))
    chosen = parser.parse_args()
    for part in (chosen.part,) if chosen.part else ("tune", "test"):
        for language in ("en", "de"):
            found = [case for case in cases(part) if case["language"] == language]
            print(json.dumps({"benchmark": "claims", "part": part, "language": language, **rates(found)}))
        print(json.dumps({"benchmark": "claims", "part": part, "language": "both", **rates(cases(part))}))
        for label, _, said, against in errors(cases(part)) if chosen.show else ():
            print(f"  {label}: {said}" + "".join(f"\n      {each.reason}" for each in against))


if __name__ == "__main__":
    main()
