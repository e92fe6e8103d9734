#!/bin/bash -eu
# The same for OSS-Fuzz and for ClusterFuzzLite: what is to be done stands with the targets.
"$SRC/policy-harness/fuzz/build.sh"
