"""The pet shop's backend: a few pets in memory, a slow report, a picture, a stream of events.

`python -m sample_apis.petstore.backend --port 0` prints the address it took as one line, and
runs until its standard input ends or it is interrupted.
"""

from __future__ import annotations

import argparse
import asyncio
import zlib
from typing import Any

from aiohttp import web

from sample_apis.serving import serve

PETS = web.AppKey("PETS", dict[int, dict[str, Any]])
REPORT_SECONDS = 2.0


def application() -> web.Application:
    """The backend, with its pets as they are in the morning."""
    app = web.Application()
    app[PETS] = {
        1: {"id": 1, "name": "Ada", "species": "dog", "status": "available"},
        2: {"id": 2, "name": "Bo", "species": "parrot", "status": "available"},
        3: {"id": 3, "name": "Ćwik", "species": "tortoise", "status": "sold"},
    }
    app.router.add_get("/pets", list_pets)
    app.router.add_post("/pets", create_pet)
    app.router.add_delete("/pets/{id}", delete_pet)
    app.router.add_get("/v1/animals/{id}", get_pet)
    app.router.add_get("/report", report)
    app.router.add_get("/events", events)
    app.router.add_get("/files/photos/{name}.png", photo)
    return app


async def list_pets(request: web.Request) -> web.Response:
    """Pets of a status, at most `limit` of them."""
    status = request.query.get("status")
    pets = [pet for pet in request.app[PETS].values() if status in (None, pet["status"])]
    limit = request.query.get("limit", "")
    return web.json_response(pets[: int(limit)] if limit.isdecimal() else pets)


async def create_pet(request: web.Request) -> web.Response:
    """A new pet, with the next free number."""
    try:
        sent = await request.json()
    except ValueError:
        return web.json_response({"error": "the body is not JSON"}, status=400)
    pets = request.app[PETS]
    number = max(pets, default=0) + 1
    pets[number] = {"id": number, "status": "available", **(sent if isinstance(sent, dict) else {})}
    headers = {"Location": f"/pets/{number}"}
    return web.json_response(pets[number], status=201, headers=headers)


async def get_pet(request: web.Request) -> web.Response:
    """One pet, or only the fields named in `only`. Number 13 has never brought luck."""
    number = request.match_info["id"]
    if number == "13":
        return web.Response(status=500, text="the parrot ate the invoice")
    pet = request.app[PETS].get(int(number)) if number.isdecimal() else None
    if pet is None:
        reason = {"X-Reason": "unknown-pet"}
        return web.json_response({"error": "no such pet", "id": number}, status=404, headers=reason)
    only = request.query.get("only")
    shown = {key: pet[key] for key in only.split(",") if key in pet} if only else pet
    return web.json_response(shown, headers={"ETag": f'"pet-{number}"'})


async def delete_pet(request: web.Request) -> web.Response:
    """The pet has found a home."""
    number = request.match_info["id"]
    gone = request.app[PETS].pop(int(number), None) if number.isdecimal() else None
    return web.Response(status=404 if gone is None else 204)


async def report(request: web.Request) -> web.Response:
    """Slower than the gateway waits."""
    await asyncio.sleep(REPORT_SECONDS)
    return web.json_response({"pets": len(request.app[PETS])})


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events, one every tenth of a second."""
    count = request.query.get("count", "")
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await stream.prepare(request)
    for number in range(min(int(count), 100) if count.isdecimal() else 3):
        await stream.write(f'event: pet\ndata: {{"visitor": {number + 1}}}\n\n'.encode())
        await asyncio.sleep(0.1)
    return stream


async def photo(_request: web.Request) -> web.Response:
    """A picture of a cat in the dark: 64 by 48 pixels, PNG."""
    width, height = 64, 48
    rows = b"".join(b"\0" + bytes((x * 2 + y) % 64 for x in range(width)) for y in range(height))
    body = (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", width.to_bytes(4) + height.to_bytes(4) + b"\x08\x00\x00\x00\x00")
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )
    return web.Response(body=body, content_type="image/png")


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description="The backend of the petstore sample.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    serve(application(), parser.parse_args().port)


if __name__ == "__main__":
    main()
