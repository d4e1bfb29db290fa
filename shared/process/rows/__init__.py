"""Rows as steps hand them to each other: JSON Lines with declared columns, read and checked one by one, so that memory
does not grow with the file."""
