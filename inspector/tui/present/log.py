"""The execution log of an exchange, as Amazon writes it into CloudWatch."""

from __future__ import annotations

from functools import lru_cache

from rich.text import Text

from inspector.gateway.deploy import Gateway
from inspector.gateway.execution_log import id_of, lines
from inspector.gateway.http_api import access_log
from inspector.recording.exchange import Exchange
from inspector.replay.passed import why_untold
from inspector.replay.rerun import NotRerunnableError, gateway_of
from inspector.replay.telling import told_of
from inspector.tui.present import styles
from inspector.tui.present.body_blocks import TextBlock
from inspector.tui.present.document import Document, Lines
from inspector.tui.present.safe import clean, ink


def log(exchange: Exchange, bundle: str | None) -> Document:
    """Its lines, word for word; what all begin with, the request's id, is said once.

    `bundle` is the recorded definition.
    """
    if bundle is None or exchange.api_id is None:
        return _nothing(f"There is no log: {why_untold(exchange)}.")
    try:
        told = told_of(exchange, _gateway(bundle))
    except NotRerunnableError as error:
        return _nothing(f"There is no log: {error}.")
    group = f"API-Gateway-Execution-Logs_{exchange.api_id}/{exchange.stage or ''}"
    where = f"As in the log group {group}"
    if told.http_result is not None:
        where = "Amazon keeps no execution log of HTTP APIs; this is ours, in the manner of theirs"
    elif told.is_of_socket:
        where = f"As in the log group /aws/apigateway/{exchange.api_id}/{exchange.stage or ''}"
    heading = [ink(clean(where), styles.DIM)]
    if exchange.body_cap is not None:
        heading.append(ink("The recording has only a part of a body.", styles.WARN))
    prefix = f"({id_of(told)}) "
    heading.append(ink(f"{prefix}in front of each line", styles.DIM))
    text = "\n".join(line.removeprefix(prefix) for line in lines(told))
    access = access_log.line(told, exchange.duration_us // 1000)
    if access is not None:
        text += f"\n\nAccess log of the stage:\n{access}"
    return Document([Lines([*heading, Text(end="")]), TextBlock(text)])


def _nothing(why: str) -> Document:
    return Document([Lines([ink(clean(why), styles.DIM)])])


@lru_cache(maxsize=4)
def _gateway(bundle: str) -> Gateway:
    return gateway_of(bundle)
