"""Samples on a machine that lacks something: what can be shown is shown."""

from __future__ import annotations

import pytest

import sample_apis


@pytest.fixture(autouse=True)
def without_moto(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after `pip install .` alone."""
    monkeypatch.setattr(sample_apis, "find_spec", lambda _module: None)


def test_what_needs_a_package_is_left_out() -> None:
    sample = sample_apis.load("orders-http")
    assert "sqs" not in sample.services
    told = "place an order, by a message to SQS (it needs moto: pip install 'moto[server]')"
    assert told in sample.left_out
    assert any(each.path == "/orders" for each in sample.requests)


def test_a_sample_that_cannot_do_without_says_how_to_get_it() -> None:
    sample = sample_apis.load("inventory")
    with pytest.raises(sample_apis.MissingError, match=r"moto: pip install 'moto\[server\]'"):
        sample.running().__enter__()
