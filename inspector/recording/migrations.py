"""The tables of a recording, and how an older file gets to have them.

Ordered migrations through sqlite-utils, each in a transaction of its own and noted in
`_sqlite_migrations`; `PRAGMA user_version` counts them so that a reader need not look.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database
from sqlite_utils.db import Table
from sqlite_utils.migrations import Migrations

from inspector.recording.schema import APPLICATION_ID, VERSION

steps = Migrations("gateway-inspector recording")

TABLES = (
    """CREATE TABLE about (
        name TEXT PRIMARY KEY, -- a table, or table.column
        about TEXT NOT NULL    -- what it holds
    ) WITHOUT ROWID""",
    """CREATE TABLE meta (
        key TEXT PRIMARY KEY, -- generation: counts clean-ups, so that writers forget what they knew
        value                 -- indexed_blobs, indexed_targets: how far the text index has come
    ) WITHOUT ROWID""",
    """CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        role TEXT NOT NULL,          -- gateway, terminal, command
        pid INTEGER NOT NULL,
        listen TEXT,                 -- http://host:port, where it serves
        engine TEXT NOT NULL,        -- release
        started_us INTEGER NOT NULL, -- microseconds since the epoch
        ended_us INTEGER             -- NULL while it runs, or when it was killed
    )""",
    """CREATE TABLE definitions (
        digest TEXT PRIMARY KEY,  -- of the bundle
        bundle TEXT NOT NULL,     -- JSON: files with their contents, and options
        stored_us INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE kinds (
        id INTEGER PRIMARY KEY AUTOINCREMENT, -- what many exchanges share, once
        digest BLOB NOT NULL UNIQUE,          -- of the columns that follow
        session_id INTEGER NOT NULL, -- sessions.id of who recorded it
        method TEXT NOT NULL,
        host TEXT NOT NULL,
        api_id TEXT,                 -- NULL where no definition is held
        stage TEXT,                  -- the deployment's stage: dev
        resource TEXT,               -- /pets/{petId}
        status INTEGER,              -- NULL where nothing was answered
        outcome TEXT NOT NULL,       -- answered, refused, failed, passed, broken
        stopped_at TEXT,             -- the stage of the gateway that refused or failed
        response_type TEXT,          -- ACCESS_DENIED, where the gateway answered by itself
        origin TEXT NOT NULL,        -- live, replayed, simulated
        stages TEXT NOT NULL,        -- route:ok,authorize:refused
        definition TEXT,             -- definitions.digest
        engine TEXT NOT NULL,        -- the release that answered
        duration_class INTEGER NOT NULL, -- decimal digits of whole milliseconds, 0 under 1 ms
        size_class INTEGER NOT NULL      -- decimal digits of response_size, 0 for none
    )""",
    """CREATE TABLE targets (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest BLOB NOT NULL UNIQUE, -- of the target as sent
        path TEXT NOT NULL,          -- up to the first question mark
        query TEXT                   -- after it; NULL without one
    )""",
    """CREATE TABLE blobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest BLOB NOT NULL UNIQUE, -- blake2b, 16 bytes, of the body as kept
        size INTEGER NOT NULL,       -- of the body as kept, in bytes
        form INTEGER NOT NULL,       -- 0 as is, ASCII text; 1 as is, other bytes; 2 zstd
        coding TEXT,                 -- the Content-Encoding that the body itself came with
        data BLOB NOT NULL
    )""",
    """CREATE TABLE exchanges (
        id INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order of arrival in the recording
        started_us INTEGER NOT NULL,  -- microseconds since the epoch
        duration_us INTEGER NOT NULL,
        kind_id INTEGER NOT NULL,     -- kinds.id
        target_id INTEGER NOT NULL,   -- targets.id
        request_size INTEGER NOT NULL,  -- of the body as it went by; more than blobs.size where
        response_size INTEGER NOT NULL, -- the cap (in the story) cut it
        request_body INTEGER,         -- blobs.id, NULL for none
        response_body INTEGER,        -- blobs.id, NULL for none
        replay_of INTEGER,            -- exchanges.id
        error TEXT
    )""",
    """CREATE TABLE other_bodies (
        blob_id INTEGER NOT NULL,     -- blobs.id of a body of the backend's leg that is neither
        exchange_id INTEGER NOT NULL, -- the exchange's request_body nor its response_body
        PRIMARY KEY (blob_id, exchange_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE stories (
        first_id INTEGER PRIMARY KEY, -- of a run of exchanges written together
        last_id INTEGER NOT NULL,
        heads BLOB NOT NULL, -- zstd of one line of JSON an exchange: a list of header sets, each a
                             -- list of [name, value]: request, response, then as the story says
        story BLOB NOT NULL  -- zstd of one line of JSON an exchange: environment, trace, performed
                             -- effects with replies, timings, bodies (blobs.id), body_cap
    )""",
    """CREATE TABLE notes (
        exchange_id INTEGER PRIMARY KEY,
        marked INTEGER NOT NULL DEFAULT 0, -- a favourite: pruning leaves it
        comment TEXT,
        changed_us INTEGER NOT NULL
    )""",
    """CREATE TABLE control (
        id INTEGER PRIMARY KEY AUTOINCREMENT, -- requests and replies between processes
        topic TEXT NOT NULL,          -- what is asked: resume, cache, frame …
        asker TEXT NOT NULL,
        addressee TEXT,               -- NULL: whoever serves the topic
        payload TEXT NOT NULL,        -- JSON
        asked_us INTEGER NOT NULL,
        expires_us INTEGER NOT NULL,  -- unanswered until then, it is void
        answer TEXT,                  -- JSON, NULL while open
        error TEXT,                   -- why there is no answer
        answered_us INTEGER
    )""",
)

INDEXES = (
    "CREATE INDEX exchanges_kind ON exchanges (kind_id)",
    "CREATE INDEX exchanges_target ON exchanges (target_id)",
    "CREATE INDEX exchanges_started ON exchanges (started_us)",
    "CREATE INDEX exchanges_request_body ON exchanges (request_body)"
    " WHERE request_body IS NOT NULL",
    "CREATE INDEX exchanges_response_body ON exchanges (response_body)"
    " WHERE response_body IS NOT NULL",
    "CREATE INDEX exchanges_replay_of ON exchanges (replay_of) WHERE replay_of IS NOT NULL",
    "CREATE INDEX other_bodies_exchange ON other_bodies (exchange_id)",
    "CREATE INDEX notes_marked ON notes (exchange_id) WHERE marked",
    "CREATE INDEX control_open ON control (topic, id) WHERE answered_us IS NULL",
    """CREATE VIEW exchange_list AS -- for people: exchanges with what they refer to
        SELECT e.id, datetime(e.started_us / 1000000, 'unixepoch') AS started, k.method, k.host,
            t.path, t.query, k.status, k.outcome, k.stopped_at, k.response_type, k.stages,
            e.duration_us, e.request_size, e.response_size, k.origin, e.replay_of, k.api_id,
            k.stage, k.resource, k.definition, e.error
        FROM exchanges e JOIN kinds k ON k.id = e.kind_id JOIN targets t ON t.id = e.target_id""",
)

#: To list the exchanges of a WebSocket together.
CONNECTIONS = (
    "ALTER TABLE exchanges ADD COLUMN"
    " connection TEXT /* the id of the WebSocket that it is an event of, or is for, else NULL */",
    "ALTER TABLE exchanges ADD COLUMN close_code INTEGER /* of a DISCONNECT, else NULL */",
    "CREATE INDEX exchanges_connection ON exchanges (connection) WHERE connection IS NOT NULL",
    "DROP VIEW exchange_list",
    """CREATE VIEW exchange_list AS -- for people: exchanges with what they refer to
        SELECT e.id, datetime(e.started_us / 1000000, 'unixepoch') AS started, k.method, k.host,
            t.path, t.query, k.status, k.outcome, k.stopped_at, k.response_type, k.stages,
            e.duration_us, e.request_size, e.response_size, k.origin, e.replay_of, k.api_id,
            k.stage, k.resource, k.definition, e.error, e.connection, e.close_code
        FROM exchanges e JOIN kinds k ON k.id = e.kind_id JOIN targets t ON t.id = e.target_id""",
)

#: Trigrams of the text, without the text: candidates are checked against what is stored.
TEXT_INDEXES = (
    "CREATE VIRTUAL TABLE blob_text USING fts5(text, tokenize='trigram', content='', detail=none)",
    "CREATE VIRTUAL TABLE target_text USING fts5"
    "(text, tokenize='trigram', content='', detail=none)",
    """CREATE TABLE unindexed_blobs (
        id INTEGER PRIMARY KEY -- blobs.id of a body too large for the text index: read when sought
    )""",
)

ABOUT = {
    "exchanges": "One row an exchange, narrow, so that a million are walked in a fraction of a "
    "second. Join kinds and targets, or read exchange_list.",
    "kinds": "What exchanges of a kind share: method, host, resource, status, outcome, stages.",
    "targets": "Request targets, each once.",
    "blobs": "Bodies by content, each once; form 2 is compressed with zstd.",
    "other_bodies": "Bodies of the backend's leg where they differ from the client's.",
    "stories": "All else that an exchange needs to be shown and run again, many exchanges to a "
    "row, one line of JSON each, compressed with zstd: line id - first_id.",
    "definitions": "Definition bundles by digest: kinds.definition refers to them.",
    "sessions": "The processes that recorded.",
    "notes": "Favourites and comments.",
    "control": "Requests and replies between the processes that share this file.",
    "meta": "State of the recording itself.",
    "blob_text": "Trigrams of the bodies, made when there is time; meta.indexed_blobs says how far.",
    "target_text": "Trigrams of the targets; meta.indexed_targets says how far.",
}


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the file to the present schema; each step is whole or has not happened."""
    steps.apply(Database(connection, execute_plugins=False))
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")


@steps()
def m001_recording(database: Database) -> None:
    """The first schema."""
    for statement in (*TABLES, *INDEXES):
        database.execute(statement)
    _create_text_indexes(database)
    table = database["about"]
    assert isinstance(table, Table)
    table.insert_all({"name": name, "about": text} for name, text in ABOUT.items())
    database.execute("INSERT INTO meta VALUES ('generation', 0)")


@steps()
def m002_connections(database: Database) -> None:
    """The WebSocket that an exchange belongs to."""
    for statement in CONNECTIONS:
        database.execute(statement)


def _create_text_indexes(database: Database) -> None:
    """Where this SQLite knows trigrams (3.34 on); without them searches read what is stored."""
    try:
        for statement in TEXT_INDEXES:
            database.execute(statement)
    except sqlite3.OperationalError:
        return
    database.execute("INSERT INTO meta VALUES ('indexed_blobs', 0), ('indexed_targets', 0)")
