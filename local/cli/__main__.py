"""`python -m local.cli`."""

from __future__ import annotations

import sys

from local.cli.app import main

sys.exit(main())
