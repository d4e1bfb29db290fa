"""The row of what no other row serves: so that this, too, is answered in words, and not by whatever runs the app."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

# Not what the runtime serves itself, which an app's route could hide.
ROWS = (Route("*", "/{*path:regex(^(?!admin|runtime).*$)}", "nowhere:nothing", "public"),)
bp = blueprint(ROWS)
