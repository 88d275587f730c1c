"""How Amazon's importer names the method a complaint is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A method of the API: `GET` on `/v1/pets/{petId}`, its base path before it."""

    path: str
    method: str

    def unable(self, action: str, reason: str) -> str:
        """Amazon's sentence for a refused import, such as `Unable to put integration on …`.

        Wording seen in a CloudFormation event of 2018 (alexcasalboni/serverless-data-pipeline-sam
        issue 1); the reasons themselves are facts 285-290.
        """
        return f"Unable to {action} on '{self.method}' for resource at path '{self.path}': {reason}"

    def no_method(self, reason: str) -> str:
        """Its sentence for a method that is refused, which is built in another way.

        Seen in an import of 2019 (the notes on API Gateway of Columbia University).
        """
        return f"Unable to put method '{self.method}' on resource at path '{self.path}': {reason}"
