#!/bin/bash -eu
# Builds the fuzz targets for OSS-Fuzz and ClusterFuzzLite, and lays beside each of them
# in $OUT what its fuzzer starts from: seeds, options, and the dictionary.
# `.ci/fuzz package` runs it as well, with FUZZ_BUILD_FLAGS="-s none".
cd "$(dirname "$0")/.."

# Eight programs: to link each of them as a whole takes a minute.
export CARGO_PROFILE_RELEASE_LTO=off
# shellcheck disable=SC2086 # flags are words
cargo fuzz build -O --debug-assertions ${FUZZ_BUILD_FLAGS:-}

host=$(rustc -vV | sed -n 's/^host: //p')
for source in fuzz/fuzz_targets/*.rs; do
    target=$(basename "$source" .rs)
    # The crate is a member of the workspace, so its programs are in the workspace's folder.
    cp "${CARGO_TARGET_DIR:-target}/$host/release/$target" "$OUT/"
    seeds=("corpora/seeds/$target"/*)
    [ ! -d "corpora/regressions/$target" ] || seeds+=("corpora/regressions/$target"/*)
    python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" "${seeds[@]}"
    cp "fuzz/options/$target.options" "$OUT/"
    if grep -q '^dict = ' "fuzz/options/$target.options"; then
        cp fuzz/policy.dict "$OUT/$target.dict"
    fi
done
