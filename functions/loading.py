"""One lock for the imports that wait for a first call.

Two threads that import a package and a module of it at the same moment wait for each other; Python notices, and lets
one of them go on with half a module (`importlib._bootstrap._lock_unlock_module`). The workers of a Functions host are
such threads, so whoever imports at a call holds `loading`.
"""

from __future__ import annotations

from threading import RLock

loading = RLock()
