"""What a function behind a proxy integration may answer as its status."""

from __future__ import annotations

import pytest

from inspector.gateway.lambda_answer import MalformedError, read


@pytest.mark.parametrize(
    ("written", "status"),
    [(b"201", 201), (b'"201"', 201), (b'" 404 "', 404), (b"200.0", 200), (b"null", 200), (b"2e2", 200)],
)  # fmt: skip
def test_a_status_is_a_whole_number_however_it_is_written(written: bytes, status: int) -> None:
    assert read(b'{"statusCode": %s}' % written).status == status


@pytest.mark.parametrize(
    "written", [b"200.5", b'"test"', b'"200.0"', b"true", b"99", b"1000", b"1e400", b"[200]", b"{}"]
)
def test_anything_else_is_malformed(written: bytes) -> None:
    with pytest.raises(MalformedError) as told:
        read(b'{"statusCode": %s}' % written)
    assert told.value.key == "statusCode"
