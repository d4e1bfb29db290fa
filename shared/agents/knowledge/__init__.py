"""The knowledge base: documents in, passages that answer out. What was deleted answers nothing from that moment on."""

from shared.agents.knowledge.bring_in import Brought as Brought
from shared.agents.knowledge.bring_in import bring_in as bring_in
from shared.agents.knowledge.bring_in import renew as renew
from shared.agents.knowledge.citing import flag_citing as flag_citing
from shared.agents.knowledge.remove import remove as remove
from shared.agents.knowledge.search import search as search
from shared.agents.knowledge.shelf import get as get
from shared.agents.knowledge.shelf import listing as listing
from shared.agents.knowledge.shelf import passages as passages
from shared.agents.knowledge.shelf import quoted as quoted
from shared.agents.knowledge.tidy import tidy as tidy
