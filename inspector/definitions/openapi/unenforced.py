"""What a definition may declare and the product does not act upon yet.

One table, so that whoever builds one of these deletes its row and the warning goes with it.
"""

from __future__ import annotations

UNENFORCED: dict[str, str] = {
    "credentials": "the integration's credentials are not assumed: calls use your own",
    "vpc-link": "VPC links are not dialled: the backend is called by its address",
    "tls-policy": "TLS policies and access modes of the endpoint are not applied",
}
