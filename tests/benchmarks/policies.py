"""`policies [COUNT]`: random policies judged by us and by moto, differences by cause."""

from __future__ import annotations

import sys
import time

from tests.gateway.policy.against_moto import CAUSES, compare


def main(arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else 10_000
    began = time.perf_counter()
    found = compare(count)
    took = time.perf_counter() - began
    differ = found.policies - found.agreed - len(found.unexplained)
    print(f"{found.policies} random policies in {took:.1f} s")
    print(f"  {found.agreed} judged alike by moto, all {found.policies} by the guide's rules")
    print(f"  {differ} differ from moto for a known cause (a policy may have several):")
    for cause, times in found.explained.most_common():
        print(f"    {times:5d}  {CAUSES[cause]}")
    print(f"  {len(found.unexplained)} unexplained")
    for policy, action, resource, ours, theirs in found.unexplained[:5]:
        print(f"    {policy} {action} {resource}: {ours}, {theirs}", file=sys.stderr)
    return 1 if found.unexplained else 0
