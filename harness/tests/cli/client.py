"""A client for the tests of `roundtrip --command`: it reads a policy as Python's json
does and writes it again, with the one fault that its argument names.
"""

import json
import os
import sys
import time

SCOPES = {
    "notSpecified",
    "specificDirectoryUsers",
    "specificConnectedOrganizationUsers",
    "specificDirectoryServicePrincipals",
    "allMemberUsers",
    "allDirectoryUsers",
    "allDirectoryServicePrincipals",
    "allConfiguredConnectedOrganizationUsers",
    "allExternalUsers",
    "unknownFutureValue",
}


def without_nulls(value):
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


def is_rare(policy):
    review = policy.get("reviewSettings")
    names = ["isSelfReview", "isRecommendationEnabled"]
    return isinstance(review, dict) and all(review.get(name) is True for name in names)


def drops(policy):
    policy.pop("description", None)


def renders(policy):
    expiration = policy.get("expiration")
    if isinstance(expiration, dict) and isinstance(expiration.get("duration"), str):
        expiration["duration"] = expiration["duration"].replace("P", "", 1)


def reverses(policy):
    if isinstance(policy.get("specificAllowedTargets"), list):
        policy["specificAllowedTargets"].reverse()


def forgets(policy):
    scope = policy.get("allowedTargetScope")
    if isinstance(scope, str) and scope not in SCOPES:
        del policy["allowedTargetScope"]


def adds(policy):
    policy.setdefault("description", "")


def refuses(policy):
    if policy.get("allowedTargetScope") == "allMemberUsers":
        raise ValueError("no such scope: 'allMemberUsers'")


def hangs(policy):
    if is_rare(policy):
        time.sleep(3600)


def ends(policy):
    if is_rare(policy):
        print("no such review!", file=sys.stderr)
        os._exit(7)


def closes(policy):
    if is_rare(policy):
        os.close(1)
        time.sleep(3600)


def babbles(policy):
    if is_rare(policy):
        print("DEBUG: reading a policy", flush=True)


def misforms(policy):
    if is_rare(policy):
        print(json.dumps({"policy": policy}), flush=True)


def lengthens(policy):
    if is_rare(policy):
        policy["displayName"] = "x" * (9 << 20)


def complains(policy):
    print("x" * 200_000 if is_rare(policy) else "x", file=sys.stderr, flush=True)


FAULTS = [drops, renders, reverses, forgets, adds, refuses, hangs, ends, closes, babbles, misforms, lengthens, complains]
WANTED = sys.argv[1]
FAULT = {fault.__name__: fault for fault in FAULTS}.get(WANTED, lambda policy: None)

if WANTED == "greets":
    print("my client 1.0, ready", flush=True)
for line in sys.stdin:
    after = None
    try:
        policy = json.loads(line)
        if isinstance(policy, dict):
            FAULT(policy)
            after = WANTED if is_rare(policy) else None
        answer = {"body": without_nulls(policy) if WANTED == "strips" else policy}
    except (ValueError, RecursionError) as error:
        answer = {"error": str(error)}
    text = json.dumps(answer)
    print(text, flush=True)
    if after == "repeats":
        print(text, flush=True)
    elif after == "deafens":
        os.close(0)
        time.sleep(3600)
