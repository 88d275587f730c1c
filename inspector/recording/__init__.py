"""The recording: every exchange in SQLite, written by one thread, read by anyone."""
