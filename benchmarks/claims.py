"""How often the check of claims errs: good sentences that it blocks, invented ones that it lets pass.

`python -m benchmarks.claims [--part open|training|blind|held-out] [--show]`. Whoever changes the check reads the parts
`open` and `training`; `blind` was written by somebody who did not know the check and is read by nobody who changes it;
`held-out` was written before an earlier change. A rate is sentences judged wrongly ÷ sentences of that label. Goal: at
most 5 % each. All of it is the check without a model; what a model as second reader changes is not measured."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from shared.domain.claims import Judgement, Source, judge

CORPUS = Path(__file__).parent / "data" / "claims"
PARTS = ("open", "training", "blind", "held-out")
READ = ("open", "training")
"""The parts whose sentences may be shown."""
GOAL = 0.05


def cases(part: str | None = None) -> list[dict[str, Any]]:
    """The cases of the corpus, all or those of one part."""
    read = YAML(typ="safe")
    return [case for each in PARTS if part in (None, each) for case in read.load(CORPUS / f"{each}.yaml")]


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


def milliseconds(found: list[dict[str, Any]]) -> float:
    """For one sentence, as a draft is checked: all sentences of a case against its sources, words met before."""
    texts = [(case, "\n".join([*case["good"], *case["invented"]])) for case in found]
    for case, text in texts:
        blocked(case, text)
    began = time.perf_counter()
    for case, text in texts:
        blocked(case, text)
    return (time.perf_counter() - began) * 1_000 / sum(len(text.splitlines()) for _, text in texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--show", action="store_true", help="list the sentences of open and training that are judged wrongly"
    )
    parser.add_argument("--part", choices=PARTS)
    chosen = parser.parse_args()
    for part in (chosen.part,) if chosen.part else PARTS:
        for language in ("en", "de", "both"):
            found = [case for case in cases(part) if language in (case["language"], "both")]
            print(
                json.dumps({"benchmark": "claims", "model": "none", "part": part, "language": language, **rates(found)})
            )
        for label, _, said, against in errors(cases(part)) if chosen.show and part in READ else ():
            print(f"  {label}: {said}" + "".join(f"\n      {each.reason}" for each in against))
    print(json.dumps({"benchmark": "claims", "ms_per_sentence": round(milliseconds(cases()), 3), "goal": 10}))


if __name__ == "__main__":
    main()
