"""Exchange rates: known ones, an unknown one, and one that takes too long.

`python -m sample_apis.orders-http.backend --port 0` prints the address it took as one line, and
runs until its standard input ends or it is interrupted.
"""

from __future__ import annotations

import argparse
import asyncio

from aiohttp import web

from sample_apis.serving import serve

RATES = {"PLN": 4.27, "SEK": 11.02}
#: Longer than the integration waits.
SLOW_SECONDS = 3.0


def application() -> web.Application:
    """The backend."""
    app = web.Application()
    app.router.add_get("/v3/{base}/{to}", rate)
    return app


async def rate(request: web.Request) -> web.Response:
    """One rate, with who asked and for which day."""
    to = request.match_info["to"]
    if to == "SLOW":
        await asyncio.sleep(SLOW_SECONDS)
    if to not in RATES:
        return web.json_response({"reason": f"no rate for {to}"}, status=404)
    found = {
        "base": request.match_info["base"],
        "rate": RATES[to],
        "day": request.query.get("day"),
        "caller": request.headers.get("x-caller"),
    }
    return web.json_response(found, headers={"Access-Control-Allow-Origin": "*"})


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description="The rates of the orders sample.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    serve(application(), parser.parse_args().port)


if __name__ == "__main__":
    main()
