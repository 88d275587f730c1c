"""The words for a function that failed: what happened, and what to do, by the type of its error.

Source of the types: the Lambda developer guide, "Troubleshoot execution issues", and what Amazon's
runtime clients call theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inspector.gateway.trace import Fact

Facts = Mapping[str, Fact]

#: Errors of Lambda's own: the function raised none.
_NOT_RAISED: Final = ("Sandbox.", "Function.", "Runtime.ExitError", "Runtime.OutOfMemory")
_ENDPOINT: Final = (
    "Say what its AWS clients call: --endpoint SERVICE=URL (DynamoDB local, LocalStack, moto), or "
    "sign in to AWS in this shell for Amazon itself."
)
_MODULE: Final = (
    "Put the module into the function's folder (pip install -t FOLDER, npm install), or correct "
    "its Handler."
)
#: What the managed runtimes have beside a function's code, by how its lack is told.
_BROUGHT: Final[Mapping[str, str]] = {
    "boto3'": "pip install boto3 beside inspector, or with -t into the function's folder",
    "@aws-sdk/": "npm install it in the function's folder",
}
_ADVICE: Final[Mapping[str, str]] = {
    "Sandbox.Timedout": "Make it faster, or raise its Timeout (3 s unless declared).",
    "Runtime.OutOfMemory": (
        "It grew over its MemorySize (128 MB unless declared): raise that, or hold less at once."
    ),
    "Runtime.ExitError": "Its process ended before it had answered: see what it printed.",
    "Function.ResponseSizeTooLarge": "Answer with less, or with a link to it in S3.",
    "Runtime.ImportModuleError": _MODULE,
    "Runtime.HandlerNotFound": "Correct its Handler, or export that name.",
    "Runtime.MalformedHandlerName": "Write its Handler as FILE.FUNCTION.",
    "Runtime.UserCodeSyntaxError": "Mend the syntax of its code.",
    "Runtime.MarshalError": "Return only what JSON has: no sets, dates or generators.",
    "Runtime.CallbackHandlerDeprecated": (
        "Make the handler `async` with two parameters: from Node.js 24 on Lambda knows no callbacks."
    ),
    "Runtime.UnhandledPromiseRejection": "Await each promise, or catch what it rejects with.",
    "Runtime.NodeJsExit": "Settle the promise that it waits for: nothing was left to do it.",
    "NoCredentialsError": _ENDPOINT,
    "CredentialsProviderError": _ENDPOINT,
}


def sentence(facts: Facts) -> str:
    """What happened. The class of an error is often all that makes its message clear."""
    kind = str(facts.get("error_type") or "")
    if kind.startswith(_NOT_RAISED):
        did = "failed"
    elif not kind or kind.startswith("Runtime."):
        did = "raised an error"
    else:
        did = f"raised {kind}"
    return f"The function {did}: {facts['error']}"


def advice(facts: Facts) -> str | None:
    """What to do; None where only the function's code knows."""
    for module, how in _BROUGHT.items():
        if f"'{module}" in str(facts["error"]):
            return f"Lambda's own runtime brings it, this machine does not: {how}."
    return _ADVICE.get(str(facts.get("error_type")))
