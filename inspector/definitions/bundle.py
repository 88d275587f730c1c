"""The texts and settings that an API was read from: enough to read it again anywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

BasePathMode = Literal["ignore", "prepend", "split"]

#: Options that came after the first recordings.
_LATER = (
    "parameters",
    "api_type",
    "canary_percent",
    "canary_variables",
    "canary_file",
    "no_limits",
)

DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user sets beside the files.

    `stage` None: the last segment of the document's base path, else `dev`. `api_id`, `account`
    and `region` None: stable defaults from the document. `base_path_mode` as Amazon's `basepath`
    import parameter. `strict` refuses what the product does not enforce, `fail_on_warnings`
    refuses what Amazon warns of. `parameters` are those of a CloudFormation template. `api_type`
    decides where an OpenAPI document leaves open which kind of API it describes.
    `canary_percent` gives every stage of a REST API a canary with `canary_variables`;
    `canary_file` names the definition that canaries serve, where it is not the stage's own.
    `no_limits` are the names of Amazon's limits that do not hold (`gateway.limits`), or `all`.
    """

    stage: str | None = None
    stage_variables: Mapping[str, str] = field(default_factory=dict)
    api_id: str | None = None
    account: str | None = None
    region: str | None = None
    base_path_mode: BasePathMode = "ignore"
    strict: bool = False
    fail_on_warnings: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    api_type: Literal["rest", "http"] | None = None
    canary_percent: float | None = None
    canary_variables: Mapping[str, str] = field(default_factory=dict)
    canary_file: str | None = None
    no_limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """Definition texts by file name as the user gave it, and the options they are read with.

    `includes` are the texts of local files that a template includes, by the name it reaches them,
    and that of `options.canary_file`.
    """

    files: Mapping[str, str]
    options: Options = field(default_factory=Options)
    includes: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON: equal for equal content, on any machine."""
        return hashlib.sha256(self.to_json().encode("utf-8", "surrogatepass")).hexdigest()

    def to_json(self) -> str:
        """Canonical JSON: keys sorted, no blanks, text as UTF-8. `from_json` reads it back."""
        options = asdict(self.options)
        options["stage_variables"] = dict(self.options.stage_variables)
        options["parameters"] = dict(self.options.parameters)
        options["canary_variables"] = dict(self.options.canary_variables)
        for name in _LATER:
            if options[name] in (None, {}, ()):
                del options[name]  # so that what was recorded before them keeps its digest
        content: dict[str, Any] = {"files": dict(self.files), "options": options}
        if self.includes:
            content["includes"] = dict(self.includes)
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Bundle:
        """The bundle that `to_json` wrote. Raises ValueError for anything else."""
        content: Any = json.loads(text)
        try:
            includes = dict(content.get("includes", {}))
            options = content["options"]
            options = {**options, "no_limits": tuple(options.get("no_limits", ()))}
            return cls(dict(content["files"]), Options(**options), includes)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"not a definition bundle: {error}") from error
