"""The only way an agent reaches a model: from the tape, or by the route of the policy, paid from the budgets."""

from shared.agents.asking.ask import ask, draw, embed
from shared.agents.asking.call import Answered, Call, NoHome, Waiting, tally_of
from shared.agents.asking.homes import Seen, homes
from shared.agents.asking.listing import calls, home_views
from shared.agents.asking.policy import read_policy, write_policy
from shared.agents.asking.tape import answer_digest, checksum, digest, found, recorded, spoken

__all__ = [
    "Answered",
    "Call",
    "NoHome",
    "Seen",
    "Waiting",
    "answer_digest",
    "ask",
    "calls",
    "checksum",
    "digest",
    "draw",
    "embed",
    "found",
    "home_views",
    "homes",
    "read_policy",
    "recorded",
    "spoken",
    "tally_of",
    "write_policy",
]
