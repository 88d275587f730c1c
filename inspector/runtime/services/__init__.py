"""Performs `CallService`: AWS services, at stand-ins or at Amazon itself."""
