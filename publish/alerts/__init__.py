"""Alerts of a source from its findings, their messages, and `status.json`. Sends nothing: `flows.notify` does."""
