"""Files or a Bundle to the APIs they define. Nothing here raises for what a user wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from inspector.definitions.bundle import Bundle, Options
from inspector.definitions.canaries import with_canaries
from inspector.definitions.cloudformation.included import beside, included_files
from inspector.definitions.cloudformation.intrinsics import TAGS
from inspector.definitions.cloudformation.reader import (
    is_template,
    looks_like_a_template,
    read_cloudformation,
)
from inspector.definitions.diagnostics import ACCESS_NOT_ENFORCED, NOT_ENFORCED, Diagnostic, Notes
from inspector.definitions.handler_files import missing_files
from inspector.definitions.nodes import LineIndex, Problem, Unreadable
from inspector.definitions.openapi.document import read_document
from inspector.definitions.parsing import parse
from inspector.definitions.places import Places
from inspector.model import Definition, Servable, Source

#: Larger files are not opened; Amazon itself takes 6 MB.
MAX_FILE_BYTES = 32 * 2**20
AMAZONS_LIMIT_BYTES = 6 * 2**20

DEFAULT_OPTIONS = Options()

#: What the YAML reader says of a tag that CloudFormation knows.
_TAG = re.compile(rf"the tag (?:{'|'.join(re.escape(tag) for tag in TAGS)}) ")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read. `broken` means: do not serve this, keep what ran before.

    Where something is wrong, `apis` still holds what could be read of the documents, for the
    commands that only look. `apis` are those of all kinds; `definition` holds them with keys, plans,
    domains and functions.
    """

    bundle: Bundle
    apis: tuple[Servable, ...]
    diagnostics: tuple[Diagnostic, ...]
    broken: bool
    definition: Definition = field(default_factory=Definition)


def load(
    paths: Sequence[str | Path],
    options: Options = DEFAULT_OPTIONS,
    texts: Mapping[str, str] | None = None,
) -> Loaded:
    """Read definition files from disk. A file that cannot be opened is an error diagnostic.

    `texts` are already at hand, by the name that the options have for them.
    """
    notes, files = Notes(), {}
    includes: dict[str, str] = dict(texts or {})
    for path in paths:
        text = file_text(str(path), notes)
        if text is not None:
            files[str(path)] = text
            includes |= _included_texts(str(path), text, notes)
    if options.canary_file is not None and options.canary_file not in includes:
        canary = file_text(options.canary_file, notes)
        includes |= {} if canary is None else {options.canary_file: canary}
    if not paths:
        notes.error("no-file", "no definition file was named", Source("inspector", 0, 0, ""))
    loaded = _read(Bundle(files, options, includes), notes)
    declared = loaded.definition.functions
    missing = missing_files(declared, Places.of(loaded.bundle)) if declared else ()
    return replace(loaded, diagnostics=(*loaded.diagnostics, *missing))


def _included_texts(file: str, text: str, notes: Notes) -> dict[str, str]:
    """What a template includes, from disk; the texts that cannot be read are noted."""
    if "Location" not in text:
        return {}
    try:
        document = parse(file, text)
    except Unreadable:
        return {}
    if not is_template(document):
        return {}
    found = {}
    for location in included_files(document):
        name = beside(file, location)
        included = file_text(name, notes)
        if included is not None:
            found[name] = included
    return found


def read(bundle: Bundle) -> Loaded:
    """The same from texts already at hand; touches no disk."""
    return _read(bundle, Notes())


def _read(bundle: Bundle, notes: Notes) -> Loaded:
    found = Definition()
    options = bundle.options
    if options.api_id and len(bundle.files) > 1:
        message = f"the API id {options.api_id} cannot be that of {len(bundle.files)} definitions"
        remedy = "Set it when a single definition is loaded; each has an id of its own."
        notes.error("api-id", message, Source(next(iter(bundle.files)), 0, 0, ""), remedy)
    for file in bundle.files:
        taken = frozenset(api.id for api in found.apis)
        found = joined(found, _read_file(file, bundle.files[file], bundle, notes, taken))

    def read_text(file: str, text: str, own: Bundle) -> Definition:
        return _read_file(file, text, own, notes, frozenset())

    found = with_canaries(found, bundle, notes, read_text)
    diagnostics = notes.found
    broken = not found.servable or any(_refuses(diagnostic, options) for diagnostic in diagnostics)
    return Loaded(bundle, found.servable, diagnostics, broken, found)


def joined(one: Definition, other: Definition) -> Definition:
    """What two files define together; the first account's settings count."""
    return Definition(
        apis=one.apis + other.apis,
        api_keys=one.api_keys + other.api_keys,
        usage_plans=one.usage_plans + other.usage_plans,
        domains=one.domains + other.domains,
        functions=one.functions + other.functions,
        account=one.account or other.account,
    )


def _refuses(diagnostic: Diagnostic, options: Options) -> bool:
    if diagnostic.level == "error":
        return True
    if diagnostic.code in (NOT_ENFORCED, ACCESS_NOT_ENFORCED):
        return options.strict
    return diagnostic.level == "warning" and options.fail_on_warnings


def _read_file(
    file: str, text: str, bundle: Bundle, notes: Notes, taken: frozenset[str]
) -> Definition:
    try:
        document = parse(file, text)
    except Unreadable as unreadable:
        _refuse(notes, Source(file, *LineIndex(text).place(unreadable.problem.offset), ""), text,
                unreadable.problem)  # fmt: skip
        return Definition()
    template = is_template(document)
    for oddity in document.oddities:
        if not (template and oddity.code == "unknown-tag" and _TAG.match(oddity.message)):
            source = Source(file, *document.lines.place(oddity.offset), "")
            notes.warning(oddity.code, oddity.message, source, oddity.remedy)
    if template:
        return read_cloudformation(document, bundle.options, notes, taken, bundle.includes)
    api = read_document(document, bundle.options, notes, taken)
    return Definition(apis=() if api is None else (api,))


def _refuse(notes: Notes, source: Source, text: str, problem: Problem) -> None:
    """What nobody can read is refused as its dialect's own reader does it."""
    complaint = "Invalid OpenAPI input."
    if looks_like_a_template(text):
        notation = "JSON" if text.lstrip("\ufeff \t\r\n")[:1] == "{" else "YAML"
        complaint = f"Template format error: {notation} not well-formed."
    notes.error(problem.code, f"{complaint} {problem.message}", source, problem.remedy)


def file_text(path: str, notes: Notes) -> str | None:
    """The text of a file, line ends and byte order mark as they are; None with an error noted."""
    source = Source(path, 0, 0, "")
    try:
        size = Path(path).stat().st_size
        if size > MAX_FILE_BYTES:
            message = f"the file has {size:,} bytes; at most {MAX_FILE_BYTES:,} are read"
            notes.error("too-large", message, source, "Amazon itself takes 6 MB.")
            return None
        content = Path(path).read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        notes.error("unreadable-file", f"cannot be read: {reason}", source, _file_remedy(error))
        return None
    if size > AMAZONS_LIMIT_BYTES:
        message = f"the file has {size:,} bytes, more than Amazon's limit of 6 MB"
        notes.warning("large-file", message, source, "Amazon would refuse to import it.")
    return _decoded(content, source, notes)


def _file_remedy(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "Check the name, and the directory you are in."
    if isinstance(error, IsADirectoryError):
        return "Name a file in it."
    return "Check who may read it."


def _decoded(content: bytes, source: Source, notes: Notes) -> str | None:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        where = Source(source.file, line, column, "")
        message = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        notes.error("encoding", message, where, "Save the file as UTF-8.")
        return None
