"""Clients' certificates against a truststore: what Amazon looks at, and what it does not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from inspector.gateway.access_effects import CheckCertificate
from inspector.runtime.callers import caller_from, content_of
from inspector.runtime.certificates import verify
from inspector.runtime.truststores import TruststoreError, Truststores
from tests.certificates import NOW, Made, chain, make, weak_rsa

ROOT, CLIENT = chain("root", "client")
OTHER = make("other", authority=True)


def fault(client: Made, *truststore: Made, sent: tuple[Made, ...] = ()) -> str | None:
    pems = [client.pem, *(each.pem for each in sent)]
    refused = verify(pems, [each.certificate for each in truststore], NOW)
    return None if refused is None else refused.fault


def test_a_certificate_of_an_authority_of_the_truststore() -> None:
    assert fault(CLIENT, OTHER, ROOT) is None
    assert fault(CLIENT, OTHER) == "untrusted"
    assert fault(CLIENT) == "untrusted"


def test_a_self_signed_one_that_is_in_it() -> None:
    alone = make("alone")
    assert fault(alone, alone) is None
    assert fault(alone, ROOT) == "untrusted"


def test_the_name_alone_is_not_enough() -> None:
    impostor = make("root", authority=True)
    assert fault(CLIENT, impostor) == "untrusted"
    assert fault(CLIENT, impostor, ROOT) is None, "both have that name, one of them issued it"


def test_an_altered_certificate() -> None:
    lines = CLIENT.pem.splitlines()
    lines[5] = lines[5][::-1]
    refused = verify(["\n".join(lines)], [ROOT.certificate], NOW)
    assert refused is not None
    assert refused.fault in ("syntax", "untrusted")
    assert verify(["nonsense"], [ROOT.certificate], NOW) is not None


def test_authorities_between() -> None:
    root, middle, client = chain("r", "m", "c")
    assert fault(client, root, middle) is None
    assert fault(client, root, sent=(middle,)) is None
    assert fault(client, root) == "untrusted"
    assert fault(client, middle) is None, "any authority of the truststore is trusted"
    assert fault(client, OTHER, sent=(middle, root)) == "untrusted", "what is sent trusts nobody"


@pytest.mark.parametrize(("length", "expected"), [(4, None), (5, "too-long")])
def test_at_most_four_to_a_chain(length: int, expected: str | None) -> None:
    made = chain(*(f"n{number}" for number in range(length)))
    assert fault(made[-1], *made[:-1]) == expected
    assert fault(made[-1], made[0], sent=tuple(made[1:-1])) == expected


def test_one_that_is_no_authority_issues_nothing() -> None:
    leaf = make("leaf", ROOT, authority=False)
    below = make("below", leaf)
    assert fault(below, ROOT, sent=(leaf,)) == "untrusted"
    old = make("old")  # says nothing of it
    assert fault(make("x", old), old) is None


def test_when_it_is_valid() -> None:
    assert fault(make("past", ROOT, days=(-9, -1)), ROOT) == "expired"
    assert fault(make("future", ROOT, days=(1, 9)), ROOT) == "not-yet"
    expired_root = make("root", authority=True, days=(-9, -1))
    assert fault(make("c", expired_root), expired_root) == "expired", "an authority is, too"


@pytest.mark.parametrize(
    ("key", "digest", "expected"),
    [
        (rsa.generate_private_key(public_exponent=65537, key_size=2048), None, None),
        (ec.generate_private_key(ec.SECP384R1()), hashes.SHA384(), None),
        (weak_rsa(), None, "weak"),
        (ec.generate_private_key(ec.SECP192R1()), None, "weak"),
        (ed25519.Ed25519PrivateKey.generate(), None, "weak"),
    ],
)
def test_algorithms(key: object, digest: object, expected: str | None) -> None:
    assert fault(make("c", ROOT, key=key, digest=digest), ROOT) == expected


def test_weak_authorities_and_digests() -> None:
    weak = make("weak", authority=True, key=weak_rsa())
    assert fault(make("c", weak), weak) == "weak"
    assert fault(make("c", ROOT, digest=hashes.SHA224()), ROOT) == "weak"


def test_a_file_of_them(tmp_path: Path) -> None:
    file = tmp_path / "trust.pem"
    file.write_text(f"a comment\n{OTHER.pem}\n{ROOT.pem}")
    stores = Truststores.of_files({"API.example.com": file})
    now_ms = int(NOW.timestamp() * 1000)
    effect = CheckCertificate("api.example.com", (CLIENT.pem,), now_ms)
    assert stores.check(effect).fault is None
    assert stores.check(CheckCertificate("api.example.com", (), now_ms)).fault == "syntax"
    assert not stores.check(CheckCertificate("other.example.com", (), now_ms)).known
    assert list(stores.warnings(NOW)) == []
    later = NOW + timedelta(days=60)
    assert [each for each in stores.warnings(later) if "CN=root was valid until" in each]


@pytest.mark.parametrize("text", ["", "none", ROOT.pem[:200] + "\n-----END CERTIFICATE-----\n"])
def test_what_is_no_truststore(tmp_path: Path, text: str) -> None:
    file = tmp_path / "trust.pem"
    file.write_text(text)
    with pytest.raises(TruststoreError, match=r"trust\.pem"):
        Truststores.of_files({"x": file})
    with pytest.raises(TruststoreError, match="missing"):
        Truststores.of_files({"x": tmp_path / "missing.pem"})


def test_a_simulated_callers_chain_is_kept() -> None:
    root, middle, client = chain("r", "m", "c")
    caller = caller_from({"certificate": client.pem + middle.pem})
    assert caller.certificate is not None
    assert (caller.certificate.pem, caller.certificate.chain) == (client.pem, (middle.pem,))
    assert caller_from(content_of(caller)) == caller
    assert verify([client.pem, middle.pem], [root.certificate], NOW) is None
