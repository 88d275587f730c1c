"""The recording: every exchange in SQLite, written by one thread, read by anyone.

Signatures, for those who build on this room (times are microseconds since the epoch):

`writer`      `Writer(path, *, session=Session(...), body_cap=16 MiB, limits=Limits(),
              index=True)` opens or
              creates the file and starts its thread; raises `schema.RecordingError` with a sentence.
              `.put(exchange)` never blocks, never raises; `.store(exchange, timeout_s=2.0) -> int`
              waits for the commit and gives the id; `.define(digest, bundle_json)` keeps a
              definition; `.flush(timeout_s)`; `.close(timeout_s=1.0) -> Status`;
              `.status() -> Status(state, message, written, pending, lost, last_error)` with state
              `writing | full | locked | readonly | gone | failing | closed`.
`reader`      `Reader(path)`, read-only, never creates, a context manager, for one thread at a time
              (`interrupt()` may come from another).
              `.page(filter, *, before=None, after=None, limit=50) -> list[Row]`, newest first,
              both bounds exclusive; `.rows(ids) -> list[Row]`; `.exchange(id) -> Exchange`
              (KeyError when it is gone); `.count(filter, *, upto=None, progress=None) -> int`
              where `progress(found, share) -> bool` may stop it (`Cancelled`);
              `.position(filter, id) -> int` (matches newer than id); `.newest_id()`,
              `.oldest_id()`, `.data_version()`, `.definition(digest) -> str`, `.body(blob_id)`,
              `.values(field) -> list[str]` (for completions), `.sessions()`, `.about()`.
`rows`        `Row(id, started_us, duration_us, method, host, path, query, status, outcome,
              stopped_at, response_type, stages, request_size, response_size, origin, replay_of,
              marked, comment, api_id, stage, resource, definition, error, connection,
              close_code)`; `stages` such as `(("route", "ok"), ("authorize", "refused"))`.
`filters`     `parse(text) -> Filter` or `FilterError(position, end, message, expected)`;
              `complete(text, cursor, values=None) -> list[Completion(start, end, text, help)]`;
              `describe(filter) -> str`; `EVERYTHING` is the empty filter.
`notes`       `Notes(path)`: `.mark(ids, *, marked=True)`, `.comment(id, text)`.
`control`     `Control(path, name)`: `.ask(topic, payload, to=None, lifetime_s=30.0) -> int`,
              `.wait(id, timeout_s) -> Answer`, `.pending(topics) -> list[Ask]`,
              `.answer(id, payload, error=None)`, `.changed() -> bool`, `.expire()`.
`retention`   `prune(path, Keep(age_us, size_bytes), *, now_us, progress=None) -> Pruned`;
              `Keeper(path, keep)` does so now and then in a thread, `.close()` ends it.
`extract`     `extract(source, filter, destination, *, engine) -> int` copies into a new recording.
`summary`     `summarize(path) -> Summary`: what a recording holds, in numbers.
"""
