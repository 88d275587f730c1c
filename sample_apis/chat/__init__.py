"""A chat over a WebSocket API: see README.md beside this file."""
