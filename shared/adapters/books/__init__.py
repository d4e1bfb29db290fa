"""Adapters of the port Books."""
