"""Performs what the core asks for: drivers of a conversation, and the clients of the outside."""
