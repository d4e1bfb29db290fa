"""Processes whose steps are data: a plan in YAML or JSON, interpreted by one orchestrator (decision 41)."""
