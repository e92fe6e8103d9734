"""How long the official Python client takes to parse a policy, in microseconds."""

import sys
import time
from pathlib import Path

from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from msgraph.generated.models.access_package_assignment_policy import AccessPackageAssignmentPolicy

TIMES = 200

body = Path(sys.argv[1]).read_bytes()
factory = JsonParseNodeFactory()


def parse():
    node = factory.get_root_parse_node("application/json", body)
    return node.get_object_value(AccessPackageAssignmentPolicy)


parse()
times = []
for _ in range(TIMES):
    begun = time.perf_counter()
    parse()
    times.append(time.perf_counter() - begun)
print(f"msgraph-sdk parses {len(body)} bytes in {sorted(times)[TIMES // 2] * 1e6:,.0f} µs (median of {TIMES})")
