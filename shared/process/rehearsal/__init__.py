"""A run that is only rehearsed: the code of runs, on ports from which nothing leaves (docs/decisions/0042)."""
