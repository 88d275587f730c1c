"""What every test may count on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no reason to fail, and what holds today holds tomorrow: the same cases are tried
# each time. INSPECTOR_EXPLORE=1 looks for others.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize="INSPECTOR_EXPLORE" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")

#: A developer's own proxy, certificate or colour settings would reach the clients under test.
FOREIGN = (
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE", "NO_COLOR", "FORCE_COLOR", "INSPECTOR_DEBUG",
)  # fmt: skip


@pytest.fixture(autouse=True, scope="session")
def _own_surroundings() -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
    # A shell that starts us in the background has its children ignore Ctrl-C, and theirs too.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def petstore() -> Path:
    """The definition of the petstore sample."""
    return Path(__file__).parent.parent / "sample_apis" / "petstore" / "openapi.yaml"
