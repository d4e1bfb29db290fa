"""The deployed package: what is in it, and that requirements.txt is all that it needs. CI also loads it in a new
environment that holds requirements.txt alone (.ci/run); here every other package is hidden."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from .package import INDEX, ROOT, index, pack

ONLY = """
import importlib.machinery, json, sys
from pathlib import Path
ALLOWED = set(json.loads(Path("../allowed.json").read_text()))

class Only:
    @staticmethod
    def find_spec(name, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and spec.origin and "/site-packages/" in spec.origin and spec.origin not in ALLOWED:
            raise ModuleNotFoundError(f"{name} is of no package of requirements.txt", name=name)
        return spec

sys.meta_path.insert(0, Only)
"""


def requirements() -> list[str]:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def closure(wanted: Iterable[str]) -> set[str]:
    """The distributions that pip would install for these, by name; those of an extra if it is asked for."""
    found, left = set[tuple[str, str]](), [(Requirement(each), "") for each in wanted]
    while left:
        need, extra = left.pop()
        if need.marker and not need.marker.evaluate({"extra": extra}):
            continue
        for asked in ["", *need.extras]:
            if (need.name.lower(), asked) not in found:
                found.add((need.name.lower(), asked))
                left += [(Requirement(each), asked) for each in distribution(need.name).requires or ()]
    return {name for name, _ in found}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deployed")
    deployed = [distribution(name) for name in closure(requirements())]
    files = [str(each.locate_file(file)) for each in deployed for file in each.files or ()]
    (folder / "allowed.json").write_text(json.dumps(files))
    pack(folder / "package")
    return folder / "package"


def test_it_holds_the_app_and_nothing_of_the_workshop(package: Path) -> None:
    assert {each.name for each in package.iterdir()} == {
        "function_app.py", "functions", "host.json", "requirements.txt", "shared", ".funcignore",
    }  # fmt: skip
    assert not [
        path for path in package.rglob("*") if path.suffix in (".pyc", ".db", ".token") or path.name == "keys.json"
    ]
    assert sum(path.stat().st_size for path in package.rglob("*") if path.is_file()) < 6_000_000


@pytest.mark.nightly  # CI does it in a new environment
def test_it_loads_with_requirements_txt_alone_and_every_function_is_indexed(package: Path) -> None:
    found = json.loads(index(package, ONLY + INDEX))
    # In a process of its own: the SDK lets an app be asked for its functions once.
    here = int(index(ROOT, "import function_app; print(len(function_app.app.get_functions()))"))
    assert found["functions"] == here > 100
    assert found["files"] > 100


@pytest.mark.parametrize("name", ["typer", "pytest", "starlette", "hypothesis"])
def test_what_only_a_laptop_has_is_really_hidden(package: Path, name: str) -> None:
    with pytest.raises(SystemExit, match=f"{name} is of no package of requirements.txt"):
        index(package, f"{ONLY}\nimport {name}")


def test_every_requirement_is_pinned_and_installed_as_pinned() -> None:
    for line in requirements():
        need = Requirement(line)
        assert [each.operator for each in need.specifier] == ["=="], line
        if need.marker is None or need.marker.evaluate():
            try:
                assert distribution(need.name).version in need.specifier, line
            except PackageNotFoundError:
                pytest.fail(f"{line} is not installed")
