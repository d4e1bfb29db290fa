"""What adapters of Azure share.

Its clients log every request with its headers at INFO; only what goes wrong is worth a line of ours."""

import logging

logging.getLogger("azure").setLevel(logging.WARNING)
