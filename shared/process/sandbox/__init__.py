"""Where scripts and executables run: as somebody else, without network, secrets or a way out of their folder
(trust.md 4.5). What a machine can do differs, so the level that was reached is named and told."""

from shared.process.sandbox.level import Level as Level
from shared.process.sandbox.level import reached as reached
from shared.process.sandbox.order import Limits as Limits
from shared.process.sandbox.order import Order as Order
from shared.process.sandbox.order import Ran as Ran
from shared.process.sandbox.run import run as run
