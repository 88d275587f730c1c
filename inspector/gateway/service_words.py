"""The words for what happens with AWS services; `gateway.narration` takes them into its tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from inspector.gateway.trace import Fact

Facts = Mapping[str, Fact]
Word = Callable[[Facts], str]

#: Characters of a service's words that are shown.
_MOST = 300
_TITLE = re.compile(r"<title>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_NAMES = {
    "dynamodb": "DynamoDB", "events": "EventBridge", "firehose": "Firehose", "kinesis": "Kinesis",
    "s3": "S3", "sns": "SNS", "sqs": "SQS", "ssm": "Systems Manager", "states": "Step Functions",
}  # fmt: skip


def _name(facts: Facts) -> str:
    return _NAMES.get(str(facts["service"]), str(facts["service"]))


def _asked(facts: Facts) -> str:
    action = facts.get("action")
    return f"{_name(facts)} {action}" if action else _name(facts)


def _error(facts: Facts) -> str:
    parts = (_plain(str(part)) for part in (facts["error"], facts["message"]) if part)
    said = ": ".join(part for part in parts if part)
    return f"{_asked(facts)} answered {facts['status']}" + (
        f", {said.rstrip('.')}." if said else "."
    )


def _plain(text: str) -> str:
    """One line of what was said; of a page in HTML its title."""
    title = _TITLE.search(text)
    line = " ".join((title[1] if title else text).split())
    return line if len(line) <= _MOST else f"{line[:_MOST]}…"


def _advice(facts: Facts) -> str | None:
    if facts.get("blank_before_form"):
        return (
            "Let nothing stand before the form's first name: Amazon reads no Action behind a blank "
            "line and says AccessDenied. End the template's directive lines with ##, or join them."
        )
    code = str(facts["error"])
    for words, advice in _ADVICE:
        if any(word in code for word in words):
            return advice(facts)
    if str(facts["status"]).startswith("5"):
        return (
            f"Look into the log of what serves {_name(facts)}: it broke over this call. Its action, "
            "body and Content-Type come from the integration."
        )
    return None


def _unknown_action(facts: Facts) -> str:
    if facts.get("action"):
        return (
            f"Correct the action in the URI ({facts['action']}); EventBridge also needs a mapped "
            "header X-Amz-Target, such as 'AWSEvents.PutEvents'."
        )
    return "Let the template or a mapping name the Action (or the header X-Amz-Target)."


def _serialization(_facts: Facts) -> str:
    return (
        "Look at the body that the request template rendered: the service cannot read it. A value "
        "of another type than wanted, an unescaped quote, or another Content-Type than it takes."
    )


def _denied(facts: Facts) -> str:
    role = facts.get("role") or "a role"
    what = f"{facts['service']}:{facts['action']}" if facts.get("action") else "the action"
    return (
        f"Allow {what} on the resource to {role}; SQS says the same of a form body that it cannot "
        "read, such as MessageBody with a raw & or newline ($util.urlEncode helps)."
    )


def unreachable(facts: Facts) -> str | None:
    """What to do where a service's endpoint is down; None for another backend."""
    if "service" not in facts:
        return None
    return (
        f"Start what stands in for {_name(facts)}, or correct --endpoint {facts['service']}=URL; "
        "`aws` is Amazon itself."
    )


#: In this order: the first whose word is in the error's code.
_ADVICE: tuple[tuple[tuple[str, ...], Word], ...] = (
    (
        ("ConditionalCheckFailed",),
        lambda _: (
            "The template's condition did not hold. Where that is no fault, answer it with an "
            "integration response of its own; else correct the condition."
        ),
    ),
    (("UnknownOperation", "InvalidAction", "MissingAction"), _unknown_action),
    (("Serialization", "MalformedInput", "MalformedXML", "InvalidParameter"), _serialization),
    (("ValidationException", "ValidationError", "MissingParameter"), _serialization),
    (("AccessDenied", "NotAuthorized", "AuthorizationError", "UnauthorizedOp"), _denied),
    (
        ("ResourceNotFound", "NoSuchBucket", "NonExistentQueue", "NotFound", "DoesNotExist"),
        lambda f: (
            f"Create it where {f['service']} is served, or correct its name in the template, the "
            "URI or the stage variable; account and region are part of an ARN's name."
        ),
    ),
    (
        ("InvalidSignature", "SignatureDoesNotMatch", "InvalidClientTokenId", "ExpiredToken"),
        lambda _: "Look at the credentials that inspector signs with (environment or profile).",
    ),
    (("UnrecognizedClient", "MissingAuthentication"), lambda _: "Give credentials to sign with."),
    (
        ("Throttl", "ProvisionedThroughput", "SlowDown", "TooManyRequests"),
        lambda _: "Let the client retry, or raise what the service allows.",
    ),
)

SENTENCES: Mapping[str, Word] = {
    "map-request.service": lambda f: f"{_asked(f)} is called: {f['request']} {f['url']}.",
    "map-request.invalid-uri": lambda f: (
        f"The URI of the call cannot be signed: illegal character {f['character']!r} at index "
        f"{f['index']} of {f['url']}."
    ),
    "integrate.service": lambda f: f"{_asked(f)} answered {f['status']}.",
    "integrate.service-error": _error,
    "integrate.no-endpoint": lambda f: (
        f"Nobody said where the service {f['service']} is to be found: it was not called."
    ),
    "integrate.no-credentials": lambda f: (
        f"{_name(f)} is to be called at Amazon, and there is nothing to sign with: {f['detail']}."
    ),
}

REMEDIES: Mapping[str, Callable[[Facts], str | None]] = {
    "map-request.invalid-uri": lambda f: (
        "Take the blank out of the action's name."
        if f["character"] == " " and "?Action=" in str(f["url"])
        else "Map a value for every {placeholder} of the URI, and write the rest percent-encoded."
    ),
    "integrate.service-error": _advice,
    "integrate.no-endpoint": lambda f: (
        f"Add --endpoint {f['service']}=http://HOST:PORT (LocalStack, moto, DynamoDB local), or "
        f"--endpoint {f['service']}=aws to call Amazon itself with your own credentials."
    ),
    "integrate.no-credentials": lambda _: (
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
    ),
}
