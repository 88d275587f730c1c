"""Screens: the home with its list, and what opens over it."""
