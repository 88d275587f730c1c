"""What a case expects of the metrics that calls publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inspector.gateway.metrics import Published, published
from inspector.gateway.told import Told
from inspector.testing import Result
from tests.facts.compare import differs
from tests.facts.shortfall import Shortfall, unknown

#: Milliseconds of a call that reaches the integration, and of the integration's part.
_TOOK, _WAITED = 22, 16
#: The dimensions that detailed metrics alone have.
_DETAILED = ("Resource", "Route")


@dataclass(frozen=True, slots=True)
class _Points:
    """The samples under one set of dimensions."""

    dimensions: Mapping[str, str]
    samples: list[Mapping[str, float]]

    def of(self, metric: str) -> list[float]:
        return [each[metric] for each in self.samples if metric in each]


def points_of(result: Result) -> Published | None:
    """What one call adds; a call that is refused took no time."""
    told = result.told
    waited = [(effect, reply, _WAITED) for effect, reply, _ in told.performed]
    timed = Told(told.request, told.environment, told.answer, waited)
    refused = told.answer.outcome == "refused"
    return published(timed, 0 if refused else _TOOK)


def judge_points(expect: Mapping[str, Any], found: list[Published]) -> Iterator[Shortfall]:
    """The expectations by the keys of `KEYS`; any other is unknown."""
    sets = {tuple(sorted(each.items())) for one in found for each in one.dimensions}
    points = [
        _Points(dict(key), [one.values for one in found if dict(key) in one.dimensions])
        for key in sorted(sets, key=len)
    ]
    finest = points[-1] if points else _Points({}, [])
    detailed = finest if any(name in finest.dimensions for name in _DETAILED) else None
    stage = next((each for each in points if len(each.dimensions) == 2), _Points({}, []))
    looked_at = detailed or stage
    for key, wanted in expect.items():
        if key == "dimensionSets":
            got = sorted(sorted(each.dimensions) for each in points)
            yield from differs(key, sorted(sorted(each) for each in wanted), got)
        elif key == "dimensions":
            named = {name: finest.dimensions.get(name) for name in wanted}
            yield from differs(key, wanted, named)
        elif key == "dataPoints":
            narrow = expect.get("countsInStage")
            yield from differs(key, wanted, len(detailed.samples if detailed else []) if narrow
                               else sum(len(each.samples) for each in points))  # fmt: skip
        elif key == "countsInStage":
            yield from differs(key, wanted, bool(stage.of("Count")))
        elif key == "metricsPresent":
            yield from (
                Shortfall(name, "present", "absent") for name in wanted if not looked_at.of(name)
            )
        elif key == "metricsAbsent":
            yield from (
                Shortfall(name, "absent", "present") for name in wanted if looked_at.of(name)
            )
        elif key in _STATISTICS:
            for name, value in wanted.items():
                samples = looked_at.of(name)
                yield from differs(
                    f"{key} {name}", value, _STATISTICS[key](samples) if samples else None
                )
        else:
            yield unknown(key)


_STATISTICS: Mapping[str, Any] = {
    "metrics": sum,
    "samples": len,
    "minimum": min,
    "maximum": max,
    "sum": sum,
    "average": lambda samples: sum(samples) / len(samples),
}
#: What is said of metrics.
KEYS = frozenset(
    {"dimensionSets", "dimensions", "dataPoints", "countsInStage", "metricsPresent",
     "metricsAbsent", *_STATISTICS}
)  # fmt: skip
