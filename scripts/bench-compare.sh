#!/usr/bin/env bash
# Compares the micro-benchmarks of the working tree with those of the last release.
#
#   [BASE=COMMIT] [BENCH=REGEXP] [BENCHTIME=0.3s] [COUNT=6] scripts/bench-compare.sh
#
# The last release is the newest tag v*, and without tags the newest commit that
# changed VERSION. Both run in turns, COUNT rounds of them: what else the machine
# does in the meantime then slows both alike. Compared is what both have; what only
# one has is listed. The figures are left in build/bench: old.txt, new.txt and
# compare.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
bench=${BENCH:-.} benchtime=${BENCHTIME:-0.3s} count=${COUNT:-6}
results=$root/build/bench
# As the program is built; and no C compiler is needed.
export CGO_ENABLED=0

# The commit of the last release, or of what BASE names.
base() {
	local name=${BASE:-}
	[ -n "$name" ] || name=$(git tag --list 'v*' --sort=-v:refname | sed -n 1p)
	[ -n "$name" ] || name=$(git log -1 --format=%H -- VERSION)
	git rev-parse --verify --quiet "${name:-none}^{commit}"
}

commit=$(base) || {
	echo "bench-compare: no commit to compare with; name one: make bench-compare BASE=COMMIT" >&2
	exit 1
}
short=$(git rev-parse --short "$commit")

work=$(mktemp -d)
cleanup() {
	git -C "$root" worktree remove --force "$work/old" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
git worktree add --quiet --detach "$work/old" "$commit"

# The folders of a tree's main module that have benchmarks.
folders() {
	(
		cd "$1"
		go list -f '{{.Dir}}' ./... | while read -r dir; do
			if grep -qs '^func Benchmark' "$dir"/*_test.go; then realpath --relative-to . "$dir"; fi
		done | sort
	)
}
folders "$root" >"$work/new.folders"
folders "$work/old" >"$work/old.folders"
mapfile -t list < <(comm -12 "$work/old.folders" "$work/new.folders")
comm -3 "$work/old.folders" "$work/new.folders" | tr -d '\t' | while read -r folder; do
	echo "bench-compare: not compared, since only one has benchmarks there: $folder"
done

echo "bench-compare: building the tests of ${#list[@]} packages, at $short and here"
for i in "${!list[@]}"; do
	(cd "$work/old" && go test -c -o "$work/old.$i" "./${list[i]}")
	go test -c -o "$work/new.$i" "./${list[i]}"
done

mkdir -p "$results"
: >"$results/old.txt"
: >"$results/new.txt"

# Runs the benchmarks of package $2 once in its folder, where its testdata lies.
run() {
	local side=$1 i=$2 tree=$root
	[ "$side" = new ] || tree=$work/old
	(cd "$tree/${list[i]}" && "$work/$side.$i" -test.run '^$' -test.bench "$bench" -test.benchtime "$benchtime" \
		-test.count 1 -test.benchmem -test.timeout 10m) >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		echo "bench-compare: ${list[i]} failed ($side)" >&2
		exit 1
	}
	cat "$work/log" >>"$results/$side.txt"
}

for ((round = 1; round <= count; round++)); do
	echo "bench-compare: round $round of $count"
	for i in "${!list[@]}"; do
		run old "$i"
		run new "$i"
	done
done

for side in old new; do
	grep -q '^Benchmark' "$results/$side.txt" || {
		echo "bench-compare: no benchmark matches '$bench' ($side)" >&2
		exit 1
	}
done
echo
go tool -modfile="$root/tools/go.mod" benchstat "$short=$results/old.txt" "here=$results/new.txt" | tee "$results/compare.txt"
