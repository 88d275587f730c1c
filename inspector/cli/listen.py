"""`--listen HOST:PORT`: read, tried, and what may be said about it."""

from __future__ import annotations

import argparse
import errno
import ipaddress
import socket
from dataclasses import dataclass

from inspector.cli.exit import CommandError, Exit

DEFAULT = "127.0.0.1:8080"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the gateway listens. Port 0 lets the system choose one."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """What a client on this machine calls: a wildcard address is reached by loopback."""
        if self.host in ("", "0.0.0.0"):  # noqa: S104 - compared, not listened on
            return f"http://127.0.0.1:{self.port}"
        if self.host == "::":
            return f"http://[::1]:{self.port}"
        return f"http://{self}"


def add_argument(parser: argparse.ArgumentParser) -> None:
    """The option, the same in every command that has it."""
    parser.add_argument(
        "--listen",
        metavar="HOST:PORT",
        type=parse,
        default=parse(DEFAULT),
        help=f"where the gateway listens (default {DEFAULT}; port 0: any free one)",
    )


def parse(text: str) -> Address:
    """An address from `HOST:PORT`, `:PORT`, `PORT` or `[IPV6]:PORT`."""
    host, colon, port = text.rpartition(":")
    if not colon:
        host = ""
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no address: HOST:PORT with a port from 0 to 65535, such as {DEFAULT}"
        )
    return Address(host, int(port))


def claim(address: Address, option: str = "--listen") -> Address:
    """The address with a port that is free now; an error where it cannot be listened on.

    `option` is what the user would name another address by.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise CommandError(Exit.ADDRESS, *_refusal(address, option, error)) from error
        return Address(address.host, probe.getsockname()[1])


def _refusal(address: Address, option: str, error: OSError) -> tuple[str, str]:
    if error.errno == errno.EADDRINUSE:
        return (
            f"{address} is in use by another program.",
            f"Stop that program, or choose another port: {option} 127.0.0.1:0 takes any free one.",
        )
    if error.errno == errno.EACCES:
        return (
            f"This user may not listen on {address}.",
            "Ports below 1024 belong to the system: choose a higher one.",
        )
    reason = error.strerror or str(error)
    hint = f"Name an address of this machine: {option} {DEFAULT}."
    return f"Cannot listen on {address}: {reason}.", hint
