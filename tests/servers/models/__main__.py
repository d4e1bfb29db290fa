"""`python -m tests.servers.models [PORT]`"""

from __future__ import annotations

import sys

from tests.servers.models.server import ModelServer


def main() -> None:
    with ModelServer(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as server:
        print(server.url, flush=True)
        try:
            server.closing.wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
