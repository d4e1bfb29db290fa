"""Where events are posted to."""
