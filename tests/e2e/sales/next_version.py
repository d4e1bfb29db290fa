"""The same app one version later: each flow asks for a step more, and what began before goes on as it began."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from tests.e2e.host.process import ROOT

VERSION = "1.1.0"
_FLOW = re.compile(r"(@bp\.orchestration_trigger\([^\n]*\)\n)def (\w+)\(")
_NEXT = '''

{decorator}def {name}(context: df.DurableOrchestrationContext) -> Steps:
    """As docs/decisions/0034 prescribes."""
    if context.version not in (None, "1.0.0"):
        yield context.create_timer(context.current_utc_datetime)
    yield from {name}_1_0_0(context)
'''


def next_version(folder: Path) -> Path:
    """A folder with that app. Only its edge is a copy; what it imports beside is the released code."""
    app = folder / "next"
    shutil.copytree(ROOT / "functions", app / "functions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "function_app.py", app)
    settings = json.loads((ROOT / "host.json").read_text())
    settings["extensions"]["durableTask"]["defaultVersion"] = VERSION
    (app / "host.json").write_text(json.dumps(settings))
    for module in (app / "functions" / "orchestrators").glob("*.py"):
        text = module.read_text()
        if flow := _FLOW.search(text):
            kept = text.replace(flow[0], f"def {flow[2]}_1_0_0(")
            module.write_text(kept + _NEXT.format(decorator=flow[1], name=flow[2]))
    return app
