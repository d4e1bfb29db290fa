"""Keys of a home: shown, rotated, removed; and what is encrypted moved to the newest one."""
