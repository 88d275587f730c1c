"""WebSocket APIs: one conversation of the core for each event of a connection."""
