"""Words in capitals, for the route `shout`: `words.example.com` as the definition calls it.

`python -m sample_apis.chat.backend --port 0` prints the address it took as one line, and runs until
its standard input ends or it is interrupted.
"""

from __future__ import annotations

import argparse

from aiohttp import web

from sample_apis.serving import serve


def application() -> web.Application:
    """The backend."""
    app = web.Application()
    app.router.add_post("/upper", upper)
    return app


async def upper(request: web.Request) -> web.Response:
    """The words in capitals; 422 where there are none."""
    asked = await request.json()
    words = asked.get("words")
    if not isinstance(words, str) or not words:
        return web.json_response({"reason": "nothing to shout"}, status=422)
    found = {
        "words": words.upper(),
        "by": asked.get("by"),
        "language": request.query.get("language"),
        "connection": request.headers.get("x-connection"),
    }
    return web.json_response(found)


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description="The backend of the chat sample.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    serve(application(), parser.parse_args().port)


if __name__ == "__main__":
    main()
