"""The official Python SDK as a client (pip install msgraph-sdk)."""

import json
import sys

from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from kiota_serialization_json.json_serialization_writer_factory import JsonSerializationWriterFactory
from msgraph.generated.models.access_package_assignment_policy import AccessPackageAssignmentPolicy

JSON = "application/json"

for line in sys.stdin.buffer:
    try:
        node = JsonParseNodeFactory().get_root_parse_node(JSON, line)
        policy = node.get_object_value(AccessPackageAssignmentPolicy)
        writer = JsonSerializationWriterFactory().get_serialization_writer(JSON)
        writer.write_object_value(None, policy)
        answer = {"body": json.loads(writer.get_serialized_content())}
    except Exception as error:  # Whatever the SDK throws, it does not take the body.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
