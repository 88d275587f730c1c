from __future__ import annotations

import re
import uuid

from inspector.gateway.environment import Caller
from inspector.runtime.circumstances import Circumstances

NOW = 1_700_000_000_123_456_789


def test_ids_have_amazons_forms():
    environment = Circumstances().now("https", "HTTP/2.0", "10.0.0.1", NOW)
    assert environment.time_ms == 1_700_000_000_123
    assert uuid.UUID(environment.request_id).version == 4
    assert str(uuid.UUID(environment.request_id)) == environment.request_id
    assert re.fullmatch(r"[A-Za-z0-9+/]{15}=", environment.extended_request_id)
    assert re.fullmatch(r"1-6553f100-[0-9a-f]{24}", environment.trace_id)
    assert re.fullmatch(r"[0-9a-f]{16}", environment.segment_id)
    assert (environment.scheme, environment.protocol) == ("https", "HTTP/2.0")
    assert environment.caller == Caller("10.0.0.1")


def test_no_id_comes_twice():
    circumstances = Circumstances()
    made = [circumstances.now("http", "HTTP/1.1", "127.0.0.1") for _ in range(2000)]
    for ids in zip(
        *[(e.request_id, e.extended_request_id, e.trace_id, e.segment_id) for e in made],
        strict=False,
    ):
        assert len(set(ids)) == 2000
    assert {uuid.UUID(e.request_id).variant for e in made} == {uuid.RFC_4122}


def test_simulated_caller_goes_before_the_real_address():
    caller = Caller("203.0.113.9", vpc_id="vpc-1")
    environment = Circumstances(caller).now("http", "HTTP/1.1", "127.0.0.1")
    assert environment.caller is caller
