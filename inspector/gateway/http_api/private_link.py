"""Where a private integration leads: a load balancer's listener, or a service of Cloud Map.

Sources: developer guide, "Working with private integrations for HTTP APIs": the URI is an ARN, the
traffic is HTTP unless a server's name is to be verified, and the path has the stage in front. Users
tell that the Host is the API's own name, where no mapping overwrites it. An ARN has no address that
could be called from here: the name in it is the host, for `--backend NAME=URL`.
"""

from __future__ import annotations

import re

from inspector.gateway.http_api.paths import DEFAULT_STAGE, HttpTarget
from inspector.gateway.uri import UriTemplate
from inspector.model import HttpApiIntegration

_NAME = re.compile(
    r":listener/(?:app|net|gwy)/([^/]+)/"  # a listener, by its load balancer
    r"|:service/([^?]+)"  # a service, by its id
    r"|\A([\w.-]+)\Z"  # what a template calls it
)


def private_uri(integration: HttpApiIntegration, uri: str, host: str) -> UriTemplate | None:
    """The origin of a private integration, None where its URI names nothing. `host`: the API's."""
    found = name_in(uri)
    if found is None:
        return None
    scheme = "http" if integration.tls_server_name is None else "https"
    return UriTemplate(uri, f"{scheme}://{found}", host, ("",), "")


def name_in(uri: str) -> str | None:
    """`my-balancer` of `arn:…:listener/app/my-balancer/…`, `srv-id` of `arn:…:service/srv-id`."""
    found = _NAME.search(uri)
    return None if found is None else next(each for each in found.groups() if each)


def whole_path(target: HttpTarget) -> str:
    """The path as it was sent, behind the name of a named stage; without an API mapping's path."""
    stage = "" if target.stage == DEFAULT_STAGE else f"/{target.stage}"
    return stage + target.inner_path
