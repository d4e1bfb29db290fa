"""Orders as they come in: recorded once, attributed to a message, summed."""

from shared.agents.conversions.book import listing, orders
from shared.agents.conversions.record import record
from shared.agents.conversions.revenue import revenue
from shared.agents.conversions.table import read_orders

__all__ = ["listing", "orders", "read_orders", "record", "revenue"]
