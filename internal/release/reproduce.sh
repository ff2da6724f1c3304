#!/bin/sh
# Makes the release of this commit twice, in two directories, and fails unless both are the same to the byte. The second
# compiles everything anew.
set -eu
version=$1 commit=$(git rev-parse HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make_in() {
	mkdir -p "$work/$1" && git archive "$commit" | tar -x -C "$work/$1"
	make -C "$work/$1" VERSION="$version" release >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

make_in one
GOCACHE=$work/cache make_in another/place
diff -r "$work/one/dist" "$work/another/place/dist"
cat "$work/one/dist/SHA256SUMS"
