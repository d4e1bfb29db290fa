"""`python -m local.host APP_DIR`: run an Azure Functions app on this machine."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import traceback
from collections.abc import Callable

from local.host.clock import Clock, RealClock, VirtualClock
from local.host.config import ConfigError, Flags, load_app_settings, parse_flags, read_host_json
from local.host.host import Host
from local.host.loader import App, LoadError, load_app
from local.host.logs import start_log
from local.host.model import EngineError
from local.host.server import ADDRESS, listen, serve
from local.host.telemetry import start_telemetry

log = logging.getLogger("local.host")


def main() -> int:
    """Run until a signal; returns the exit code. What is wrong at the start is one sentence on stderr."""
    flags = parse_flags()
    try:
        _run(flags)
    except KeyboardInterrupt:
        return 130
    except (ConfigError, LoadError, EngineError, OSError) as error:
        if isinstance(error, LoadError) and error.__cause__:
            traceback.print_exception(error.__cause__)
        sys.stderr.write(f"Baton host cannot start: {error}\n")
        return 1
    return 0


def _run(flags: Flags) -> None:
    cors = load_app_settings(flags.app_dir)
    settings = read_host_json(flags.app_dir)
    start_log(settings.log_level, flags.log)
    flags.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    listener = listen(flags.port)
    port = listener.getsockname()[1]
    clock = _clock(flags)
    app = load_app(flags.app_dir)
    # As in Azure's worker: relative paths in the app are relative to its folder.
    os.chdir(flags.app_dir)
    origin = f"http://{ADDRESS}:{port}"
    # Where the app itself can reach its queues, and with which keys.
    os.environ.update(HOST_BUS=origin, HOST_KEYS=str(flags.state_dir / "host.keys.json"))
    host = Host(app, flags, settings, clock, origin)
    ignored = [f"host.json: {name} has no effect in this host" for name in settings.unsupported]
    untraced = start_telemetry()
    for warning in [*ignored, *host.warnings, *([untraced] if untraced else [])]:
        log.warning(warning)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serve(host, cors, listener, lambda: _announce(app, flags, port)))
    (flags.state_dir / "port").unlink(missing_ok=True)


def _clock(flags: Flags) -> Clock:
    """The clock, made known to the app by HOST_CLOCK (absent: the real one)."""
    os.environ.pop("HOST_CLOCK", None)
    if flags.clock == "real":
        return RealClock()
    file = flags.state_dir / "clock"
    os.environ["HOST_CLOCK"] = str(file)
    clock = VirtualClock(flags.clock_start, file)
    clock.mode = "hold" if flags.hold else "run"
    return clock


def _announce(app: App, flags: Flags, port: int) -> None:
    counts = {
        "HTTP": app.http,
        "timer": app.timers,
        "message": app.messages,
        "orchestrator": app.orchestrators,
        "activity": app.activities,
        "entity": app.entities,
    }
    log.info("functions: %s", ", ".join(f"{len(found)} {kind}" for kind, found in counts.items()))
    draft = flags.state_dir / "port.new"
    draft.write_text(str(port), "utf-8")
    draft.replace(flags.state_dir / "port")
    sys.stderr.write(f"Baton host ready on http://{ADDRESS}:{port} ({flags.app_dir}, clock {flags.clock})\n")


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


if __name__ == "__main__":
    sys.exit(main())
