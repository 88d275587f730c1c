"""Custom domains that ask their clients for certificates.

Sources: access-control facts, section 9 (403 ForbiddenException `{"message":"Forbidden"}` for a
certificate that is not trusted; not asked for at the default endpoint); developer guide,
"Configuring mutual TLS authentication". Amazon may end the TLS handshake instead; here every
refusal is an answer, so that it can be looked at.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from inspector.gateway.access_effects import CertificateChecked, CheckCertificate
from inspector.gateway.domains import Domains, domain_of
from inspector.gateway.effects import Effect, Reply
from inspector.gateway.environment import ClientCertificate, Environment
from inspector.gateway.trace import Fact, Step
from inspector.message import Request
from inspector.model import DomainName, Source

STAGE = "mutual-tls"


@dataclass(frozen=True, slots=True)
class KeptOut:
    """Why a client is not let in to a domain."""

    code: str
    facts: dict[str, Fact]
    source: Source


def check_client(
    domains: Domains, request: Request, environment: Environment, trace: list[Step]
) -> Generator[Effect, Reply, KeptOut | None]:
    """Look at the client's certificate where the domain of the request asks for one."""
    domain = domain_of(domains, request.host)
    if domain is None or domain.truststore_uri is None:
        return None
    facts: dict[str, Fact] = {"domain": domain.name, "truststore": domain.truststore_uri}
    certificate = environment.caller.certificate
    if certificate is not None:
        facts |= {"subject": certificate.subject, "issuer": certificate.issuer}
    pems = () if certificate is None else (certificate.pem, *certificate.chain)
    checked = yield CheckCertificate(domain.name, pems, environment.time_ms)
    assert isinstance(checked, CertificateChecked)
    return _decided(domain, certificate, checked, facts, trace)


def _decided(
    domain: DomainName,
    certificate: ClientCertificate | None,
    checked: CertificateChecked,
    facts: dict[str, Fact],
    trace: list[Step],
) -> KeptOut | None:
    if not checked.known:
        trace.append(Step(STAGE, "passed", "mutual-tls.not-checked", facts, domain.source))
        return None
    if certificate is None:
        return KeptOut("mutual-tls.missing", facts, domain.source)
    if checked.fault is not None:
        facts["detail"] = checked.detail
        return KeptOut(f"mutual-tls.{checked.fault}", facts, domain.source)
    trace.append(Step(STAGE, "ok", "mutual-tls.trusted", facts, domain.source))
    return None
