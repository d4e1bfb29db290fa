"""Words are read alike by however many threads at once: activities share a process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import snowballstemmer

from shared.domain.claims.stems import lemma, stem

ENDINGS = ("nesses", "ational", "fulness", "ing", "edly", "ies", "s", "izations")
BEGINNINGS = [f"{a}{b}{c}" for a in "bcdfgklm" for b in "aeiou" for c in "ptrslnvz"]


@pytest.fixture(autouse=True)
def _restless() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_do_not_get_each_others_stems() -> None:
    texts = [[begin + end for begin in BEGINNINGS] for end in ENDINGS]
    with ThreadPoolExecutor(len(texts)) as pool:
        found = list(pool.map(lambda text: [stem(each, "en") for each in text], texts))
    alone = snowballstemmer.stemmer("english")
    assert found == [[alone.stemWord(lemma(each, "en")) for each in text] for text in texts]
