"""An embedded host for Azure Functions apps of the Python v2 model, with durable functions on SQLite."""
