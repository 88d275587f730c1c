"""A small pet shop: see README.md beside this file."""
