"""Any module can be the first that a process imports: the app resolves a handler at its first call."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for top in ("shared", "functions")
    for path in (ROOT / top).rglob("*.py")
}


def test_no_module_needs_itself_to_be_imported_before_it() -> None:
    TopologicalSorter({name: set(_needed(name)) for name in MODULES}).prepare()  # raises CycleError and names the way


def test_a_cycle_would_be_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, needs in (("shared.one", "from shared.two import x"), ("shared.two", "from shared import one")):
        (tmp_path / name).write_text(needs)
        monkeypatch.setitem(MODULES, name, tmp_path / name)
    with pytest.raises(CycleError, match=r"shared\.(one|two)"):
        test_no_module_needs_itself_to_be_imported_before_it()


def _needed(name: str) -> Iterator[str]:
    """What is imported when the module is, and the packages that this enters on the way."""
    for statement in _at_module_level(ast.parse(MODULES[name].read_text())):
        for target in _targets(statement):
            parts = target.split(".")
            above = (".".join(parts[:n]) for n in range(1, len(parts)))
            entered = (each for each in above if not f"{name}.".startswith(f"{each}."))
            yield from (each for each in (*entered, target) if each in MODULES and each != name)


def _at_module_level(module: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    return [each for each in module.body if isinstance(each, ast.Import | ast.ImportFrom)]


def _targets(statement: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(statement, ast.Import):
        return [each.name for each in statement.names]
    inner = (f"{statement.module}.{each.name}" for each in statement.names)
    return [each if each in MODULES else str(statement.module) for each in inner]


AT_ONCE = """
import sys, threading
from time import sleep
import functions.http.serve, shared.wiring  # as they are once the first request was answered
from functions.activities.confirmations import confirmations
from functions.http.resolve import handler_of
from functions.http.table import ROWS
from functions.timers import reconcile

def first_call(after, call, *given):
    sleep(after)
    try:
        call(*given)
    except ImportError as error:
        print(error)
    except Exception:
        pass  # the order is none, and there is no context

listing = next(each for each in ROWS if each.handler == "opt_ins:listing")
activity, timer = (each._function.get_user_function() for each in (confirmations, reconcile))
threads = [threading.Thread(target=first_call, args=args) for args in (
    (0.0, handler_of, listing), (0.0, timer, None, None), (float(sys.argv[1]), activity, {}, None))]
[each.start() for each in threads]
[each.join() for each in threads]
"""


def test_handler_timer_and_activity_first_called_at_the_same_moment_are_whole(tmp_path: Path) -> None:
    # What a restarted host did with the list of double opt-ins: half a module answered 500 in one start of three.
    env = {**os.environ, "BATON_HOME": str(tmp_path)}
    for delay in (0.005, 0.04, 0.08, 0.12):
        command = [sys.executable, "-c", AT_ONCE, str(delay)]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env)
        assert (ran.stdout, ran.returncode) == ("", 0), ran.stdout + ran.stderr


def test_what_is_imported_at_a_call_is_imported_by_one_thread_at_a_time() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{late.lineno}"
        for path in (ROOT / "functions").rglob("*.py")
        for late in _late_imports(ast.parse(path.read_text()))
    ]
    assert found == [], "import it under `with loading:` (functions/loading.py)"


def _late_imports(module: ast.Module) -> list[ast.ImportFrom]:
    functions = [each for each in ast.walk(module) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [
        each
        for function in functions
        for each in function.body
        if isinstance(each, ast.ImportFrom) and (each.module or "").partition(".")[0] in ("shared", "functions")
    ]
