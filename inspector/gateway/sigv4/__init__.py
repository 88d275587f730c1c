"""Signature Version 4: what a caller claims, what it should be, and how the two came to differ.

No secret is known here. What was to be signed is computed, and who holds the secrets is asked
whether the signature is that of one of these texts (`effects.CheckSignature`).
"""
