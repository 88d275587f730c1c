"""What goes into a recording comes out of it, whatever it is."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.gateway.access_effects import CheckSignature, SignatureChecked, SignedText
from inspector.gateway.effects import CheckToken, LookedUp, LookUp, Store, Stored, TokenChecked
from inspector.gateway.identity import Identity
from inspector.recording import blobs
from inspector.recording.exchange import Exchange, Performed
from inspector.recording.reader import Reader
from inspector.recording.recording_file import RecordingFile
from inspector.recording.rows import duration_class, join_target, size_class, split_target
from inspector.recording.sessions import Session
from tests.recording.build import EXCHANGES, LATIN, exchange

ROUNDS = int(os.environ.get("INSPECTOR_FUZZ", "15"))


@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EXCHANGES, min_size=1, max_size=6))
def test_any_exchange_comes_back_as_it_was(written: list[Exchange]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.db"
        file = RecordingFile(path, Session(), 1 << 20)
        ids = file.write(written)
        file.close()
        assert ids == list(range(1, len(written) + 1))
        with Reader(path) as reader:
            for number, expected in enumerate(written, 1):
                assert reader.exchange(number) == expected


@given(LATIN)
def test_a_target_is_put_together_again(target: str) -> None:
    assert join_target(*split_target(target)) == target


@given(st.binary(max_size=5000), st.sampled_from([None, "gzip", "br"]))
def test_a_body_is_unpacked_as_it_was_packed(body: bytes, coding: str | None) -> None:
    blob = blobs.pack(body, blobs.digest(body), coding)
    assert blobs.unpack(blob.form, blob.data) == body
    assert blob.size == len(body)
    blobs.searchable(blob.form, blob.coding, blob.data)


def test_what_compresses_is_compressed_and_what_does_not_is_kept() -> None:
    text, noise = b"all work and no play " * 100, os.urandom(4096)
    assert blobs.pack(text, b"").form == blobs.ZSTD
    assert blobs.pack(noise, b"").data == noise


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_classes_never_decrease(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert duration_class(low) <= duration_class(high)
    assert size_class(low) <= size_class(high)


def test_a_body_over_the_cap_is_cut_and_the_record_says_so(tmp_path: Path) -> None:
    file = RecordingFile(tmp_path / "cap.db", Session(), 10)
    file.write([exchange(body=b"x" * 100), exchange(body=b"short")])
    file.close()
    with Reader(tmp_path / "cap.db") as reader:
        cut, whole = reader.exchange(1), reader.exchange(2)
    assert cut.response is not None
    assert (cut.response.body, cut.response_size, cut.body_cap) == (b"x" * 10, 100, 10)
    assert (whole.response_size, whole.body_cap) == (5, None)


def test_the_same_body_is_stored_once(tmp_path: Path) -> None:
    file = RecordingFile(tmp_path / "once.db", Session(), 1 << 20)
    for start in range(0, 90, 30):
        file.write([exchange(number) for number in range(start, start + 30)])
    file.close()
    with Reader(tmp_path / "once.db") as reader:
        assert reader._one("SELECT count(*) FROM blobs") == 1
        assert reader._one("SELECT count(*) FROM kinds") == 1


@pytest.mark.parametrize(
    "change",
    [{"host": "\ud800"}, {"error": "\udcff"}, {"started_us": 2**70}, {"outcome": object()}],
)
def test_what_cannot_be_stored_does_not_hold_up_the_others(tmp_path: Path, change: dict) -> None:
    file = RecordingFile(tmp_path / "bad.db", Session(), 1 << 20)
    bad = replace(exchange(2), **change)
    ids = file.write([exchange(1), bad, exchange(3)])
    file.close()
    assert ids[1] is None
    with Reader(tmp_path / "bad.db") as reader:
        assert reader.exchange(ids[0]) == exchange(1)
        assert reader.exchange(ids[2]) == exchange(3)


def test_effects_of_caches_come_back(tmp_path: Path) -> None:
    performed = (
        Performed(LookUp("authorizer a", "k", 5), LookedUp(None), 1, 2),
        Performed(Store("authorizer a", "k", b"{}", 5, 1000, "r"), Stored(), 3, 4),
        Performed(
            CheckSignature("AKID", None, "sig", (SignedText("t", "s"),)),
            SignatureChecked(Identity("AKID", "arn", "1", policies=("{}",)), 0), 5, 6,
        ),
        Performed(
            CheckToken("https://issuer.example", b"a.b.c"),
            TokenChecked("no-key", "https://issuer.example/keys", ("one", "two"), 7, "x"), 7, 8,
        ),
    )  # fmt: skip
    file = RecordingFile(tmp_path / "r.db", Session(), 1 << 20)
    file.write([replace(exchange(), performed=performed)])
    file.close()
    with Reader(tmp_path / "r.db") as reader:
        assert reader.exchange(1).performed == performed
