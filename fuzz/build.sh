#!/bin/bash -eu
# Builds the fuzz targets for OSS-Fuzz and ClusterFuzzLite, and lays beside each of them
# in $OUT what its fuzzer starts from: seeds, options, and the dictionary.
# `.ci/fuzz package` runs it as well, with FUZZ_BUILD_FLAGS="-s none".
cd "$(dirname "$0")/.."

# Eight programs: to link each of them as a whole takes a minute.
export CARGO_PROFILE_RELEASE_LTO=off
# shellcheck disable=SC2086 # flags are words
cargo fuzz build -O --debug-assertions ${FUZZ_BUILD_FLAGS:-}

for source in fuzz/fuzz_targets/*.rs; do
    target=$(basename "$source" .rs)
    # The crate is a member of the workspace, so its programs are in the workspace's folder.
    cp "${CARGO_TARGET_DIR:-target}/x86_64-unknown-linux-gnu/release/$target" "$OUT/"
    folders=("corpora/seeds/$target")
    [ ! -d "corpora/regressions/$target" ] || folders+=("corpora/regressions/$target")
    rm -f "$OUT/${target}_seed_corpus.zip"
    zip -q -r -j "$OUT/${target}_seed_corpus.zip" "${folders[@]}"
    cp "fuzz/options/$target.options" "$OUT/"
    if grep -q '^dict = ' "fuzz/options/$target.options"; then
        cp fuzz/policy.dict "$OUT/$target.dict"
    fi
done
