"""How many bodies a second Schemathesis generates from an OpenAPI file, and their mean length."""

import json
import sys
import time

import hypothesis
import schemathesis

SECONDS = 15


def bodies(strategy, count):
    """Draws so many cases, and returns the lengths of their bodies as compact JSON."""
    lengths = []

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategy)
    def draw(case):
        lengths.append(len(json.dumps(case.body, separators=(",", ":"))))

    draw()
    return lengths


schema = schemathesis.openapi.from_path(sys.argv[1])
(operation,) = [
    result.ok() for result in schema.get_all_operations() if result.ok().method.upper() == "POST"
]
strategy = operation.as_strategy()
# The first bodies prepare what the others use.
bodies(strategy, 20)
lengths, begun = [], time.perf_counter()
while time.perf_counter() - begun < SECONDS:
    lengths += bodies(strategy, 200)
elapsed = time.perf_counter() - begun
print(f"{len(lengths) / elapsed:.0f} {sum(lengths) / len(lengths):.0f}")
