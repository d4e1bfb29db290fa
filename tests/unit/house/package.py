"""What a deployment carries: `python tests/unit/house/package.py` packs the working tree as azd and func do, without
what `.funcignore` names, and loads the app from there with the packages of this environment and nothing else.

CI runs it in a new environment that holds requirements.txt alone, before it installs what tests need."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
INDEX = """
import ast, importlib, json, sys
from pathlib import Path

import function_app
functions = [each.get_function_json() for each in function_app.app.get_functions()]
own = {path.stem for path in Path().iterdir()}
files = [path for path in Path().rglob("*.py")]
for path in files:  # also what is only loaded when it is needed
    importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    for node in ast.walk(ast.parse(path.read_text())):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        for name in names:
            importlib.import_module(name)
print(json.dumps({"functions": len(functions), "files": len(files), "python": sys.version.split()[0]}))
"""
"""Prints how many functions the worker would index; fails if any module that is named anywhere is missing."""


def pack(to: Path) -> None:
    """Copies what would be deployed: what git, asked with a repository that has no files, does not find ignored."""
    with tempfile.TemporaryDirectory() as empty:
        git = ["git", f"--git-dir={empty}/.git", f"--work-tree={ROOT}"]
        subprocess.run([*git, "init", "-q"], check=True, cwd=ROOT)
        listed = [*git, "ls-files", "--others", "-z", "--exclude-from=.funcignore"]
        found = subprocess.run(listed, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    for name in filter(None, found.split("\0")):
        if not (ROOT / name).is_symlink():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)


def index(package: Path, code: str = INDEX) -> str:
    """What loading the app from there prints. The environment has nothing that Baton reads."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=package, env=kept, capture_output=True, text=True)
    if ran.returncode:
        raise SystemExit(f"the app does not load from its package: {ran.stderr}")
    return ran.stdout


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        pack(Path(folder))
        print(index(Path(folder)), end="")
