"""When a signature was made, and whether that is too long ago.

execute-api allows five minutes (pasted: aws-amplify/amplify-js#2014), most services fifteen.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from inspector.gateway.sigv4.claim import Incomplete, Parts

SKEW_MINUTES = 5
_BASIC = "%Y%m%dT%H%M%SZ"
_BASIC_FORM = re.compile(r"\d{8}T\d{6}Z")


def check(said: Parts, now_ms: int) -> Incomplete | None:
    """Why the moment of signing is not acceptable; None where it is."""
    signed = moment_of(said.moment)
    if signed is None:
        message = (
            "Date must be in ISO-8601 'basic format'. Got "
            f"'{said.moment}'. See http://en.wikipedia.org/wiki/ISO_8601"
        )
        return Incomplete("IncompleteSignatureException", message, "date-form")
    text = signed.strftime(_BASIC)
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    lifetime = timedelta(minutes=SKEW_MINUTES)
    if said.presigned and said.expires is not None:
        lifetime = timedelta(seconds=said.expires)
    if signed < now - lifetime:
        message = (
            f"Signature expired: {text} is now earlier than {(now - lifetime).strftime(_BASIC)} "
            f"({now.strftime(_BASIC)} - {_length(lifetime)})"
        )
        return _invalid(message, "expired")
    latest = now + timedelta(minutes=SKEW_MINUTES)
    if signed > latest:
        message = (
            f"Signature not yet current: {text} is still later than {latest.strftime(_BASIC)} "
            f"({now.strftime(_BASIC)} + {SKEW_MINUTES} min.)"
        )
        return _invalid(message, "not-yet")
    return None


def moment_of(text: str) -> datetime | None:
    """The moment of an `X-Amz-Date` or a `Date` header."""
    if _BASIC_FORM.fullmatch(text):
        try:
            return datetime.strptime(text, _BASIC).replace(tzinfo=UTC)
        except ValueError:
            return None
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def in_basic_form(text: str) -> str:
    """The same moment as it stands in the string to sign."""
    moment = moment_of(text)
    return text if moment is None else moment.strftime(_BASIC)


def _length(lifetime: timedelta) -> str:
    minutes, seconds = divmod(int(lifetime.total_seconds()), 60)
    return f"{minutes} min." if not seconds else f"{minutes * 60 + seconds} sec."


def _invalid(message: str, code: str) -> Incomplete:
    return Incomplete("InvalidSignatureException", message, code)
