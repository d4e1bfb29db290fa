"""Where everything is: the rooms of the house, in the groups of the navigation."""

from __future__ import annotations

from typing import NamedTuple


class Room(NamedTuple):
    """`name` is what a page says of itself (`here`)."""

    name: str
    path: str
    label: str


GROUPS: tuple[tuple[str, tuple[Room, ...]], ...] = (
    (
        "Marketing",
        (
            Room("campaigns", "/", "Campaigns"),
            Room("journeys", "/journeys", "Journeys"),
            Room("pieces", "/pieces", "Writing"),
            Room("contacts", "/contacts", "Contacts"),
            Room("orders", "/orders", "Orders"),
            Room("feedback", "/feedback", "Feedback"),
            Room("calendar", "/calendar", "Calendar"),
        ),
    ),
    (
        "Sales",
        (
            Room("deals", "/deals", "Deals"),
            Room("leads", "/leads", "Leads"),
            Room("inbound", "/inbound", "Inbound"),
            Room("watch", "/watch", "Watch list"),
            Room("proposals", "/proposals", "Proposals"),
            Room("contracts", "/contracts", "Contracts"),
            Room("offers", "/offers", "Offers"),
            Room("money", "/money", "Money"),
        ),
    ),
    (
        "Work",
        (
            Room("approvals", "/approvals", "Approvals"),
            Room("tasks", "/tasks", "Tasks"),
            Room("processes", "/processes", "Processes"),
            Room("knowledge", "/knowledge", "Knowledge"),
            Room("agents", "/agents", "Agents"),
        ),
    ),
    (
        "Settings",
        (
            Room("settings", "/settings", "Settings"),
            Room("workspaces", "/workspaces", "Workspaces and people"),
            Room("policy", "/policy", "Policy"),
            Room("domains", "/domains", "Domains"),
            Room("models", "/models", "Models"),
            Room("budgets", "/budgets", "Budgets"),
            Room("webhooks", "/webhooks", "Webhooks"),
        ),
    ),
)


def group_of(name: str) -> str:
    """The group that a room belongs to: the first one for a page that is in none."""
    return next((label for label, rooms in GROUPS if any(room.name == name for room in rooms)), GROUPS[0][0])
