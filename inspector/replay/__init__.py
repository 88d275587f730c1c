"""Select, edit, resend, re-run, compare."""
