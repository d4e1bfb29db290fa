"""The guardian of sender domains: nothing leaves for the world from one that receivers would not trust (C7, C12)."""
