"""What a region says of the names in it: the partition of its ARNs and the domain of its hosts."""

from __future__ import annotations

from functools import cache

CHINA = "aws-cn"


@cache
def partition_of(region: str) -> str:
    """`aws`, or that of China or of the US government."""
    if region.startswith("cn-"):
        return CHINA
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def domain_of(region: str) -> str:
    """Below which Amazon's endpoints stand."""
    return "amazonaws.com.cn" if partition_of(region) == CHINA else "amazonaws.com"


def served_at(api: str, region: str) -> str:
    """The host under which Amazon serves an API."""
    return f"{api}.execute-api.{region}.{domain_of(region)}"


@cache
def apis_arn(region: str, account: str) -> str:
    """With what the ARN of an API and of what is in it begins: `arn:aws:execute-api:R:A`."""
    return f"arn:{partition_of(region)}:execute-api:{region}:{account}"
