"""Tables for other programs: made as files of the home, a page at a time, and removed after an hour."""

from shared.agents.tables.make import FOLDER, Made, expire, found, make

__all__ = ["FOLDER", "Made", "expire", "found", "make"]
