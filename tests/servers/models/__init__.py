"""A small real server that speaks what models speak, for tests without a network: OpenAI's chat completions, embeddings
and images (also as Azure OpenAI v1 has them), Foundry's agents and responses, and an identity that hands out tokens.

In a test: `with ModelServer() as server: …` listens on a free port of 127.0.0.1 in a thread; with `tls` over HTTPS.
As a process: `python -m tests.servers.models [PORT]` prints its base URL; `GET /requests` tells what it was asked.

Every reply is the next of `server.replies`; when none is left, an answer synthesised from the requested schema."""

from tests.servers.models.script import Reply, failing, synthesised
from tests.servers.models.server import ModelServer

__all__ = ["ModelServer", "Reply", "failing", "synthesised"]
