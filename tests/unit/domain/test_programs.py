"""The list of allowed executables."""

from __future__ import annotations

import pytest

from shared.domain.programs import programs_of


def test_names_and_paths() -> None:
    assert programs_of("") == {}
    assert programs_of("zip=/usr/bin/zip; enrich=/opt/a b=c;") == {"zip": "/usr/bin/zip", "enrich": "/opt/a b=c"}


@pytest.mark.parametrize("text", ["zip", "zip=bin/zip", "Zip=/bin/zip", "a=/x;a=/y", "=/bin/zip", "a=/opt/../bin/zip"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        programs_of(text)
