"""The gateway itself, pure: no input, no output, no clock."""
