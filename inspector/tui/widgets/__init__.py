"""Widgets: small, each drawn a line at a time from what `present` makes."""
