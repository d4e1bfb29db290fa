"""Propose: offers and their prices, proposals to a client, and what is agreed of them."""
