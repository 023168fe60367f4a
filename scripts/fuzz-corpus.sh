#!/usr/bin/env bash
# Keeps in testdata/fuzz what the fuzzer has learned, out of Go's cache, where it
# lies otherwise: of each target the inputs that reach statements of ours which
# neither its seeds nor a smaller input reach. The smallest come first, FILES (40)
# and BYTES (32768) a target at most, so that a clone stays small and the unit tests,
# which run them all, quick. What is in testdata/fuzz already stays: a finding is a
# seed for ever.
# ONLY is a regular expression over "package Target".
set -euo pipefail
cd "$(dirname "$0")/.."
files=${FILES:-40} bytes=${BYTES:-32768}
total=614400 # bytes of all targets, not to be exceeded
cache=$(go env GOCACHE)/fuzz
work=$(mktemp -d)
candidate=""
trap '[ -z "$candidate" ] || rm -f "$candidate"; rm -rf "$work"' EXIT

# The statements that the target reaches with the inputs of a name.
reach() {
	"$work/test" -test.run "^$1\$/$2" -test.coverprofile "$work/profile" >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		return 1
	}
	sed -nE 's/^(.*) [0-9]+ [1-9][0-9]*$/\1/p' "$work/profile" | sort -u
}

# Keeps a target's inputs. It runs in the package's folder, as tests do.
keep() {
	local package=$1 name=$2 folder=testdata/fuzz/$2 have=0 size=0 tried=0 input hash more
	cd "$(go list -f '{{.Dir}}' "$package")"
	go test -c -cover -covermode set -coverpkg rtmpwriter/... -o "$work/test" "$package" 2>/dev/null
	reach "$name" '' >"$work/reached"
	if [ -d "$folder" ]; then
		have=$(find "$folder" -type f | wc -l) size=$(du -sb --apparent-size "$folder" | cut -f 1)
	fi
	while read -r more input; do
		hash=$(basename "$input")
		[ ! -e "$folder/$hash" ] || continue
		if [ "$have" -ge "$files" ] || [ $((size + more)) -gt "$bytes" ]; then break; fi
		mkdir -p "$folder"
		candidate=$PWD/$folder/$hash tried=$((tried + 1))
		cp "$input" "$candidate"
		reach "$name" "^$hash\$" >"$work/now"
		if comm -13 "$work/reached" "$work/now" | grep -q .; then
			sort -u -o "$work/reached" "$work/reached" "$work/now"
			have=$((have + 1)) size=$((size + more))
		else
			rm "$candidate"
		fi
		candidate=""
	done < <(find "$cache/$package/$name" -type f -printf '%s %p\n' 2>/dev/null | sort -n)
	[ ! -d "$folder" ] || rmdir --ignore-fail-on-non-empty "$folder"
	printf '  %3d inputs, %6d bytes, of %4d  %s %s\n' "$have" "$size" "$tried" "$package" "$name"
}

echo "corpus: what testdata/fuzz keeps"
scripts/fuzz-targets.sh >"$work/targets"
while read -r package name; do
	(keep "$package" "$name" </dev/null)
done <"$work/targets"
all=$(find . -path '*/testdata/fuzz/*' -type f -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }')
echo "corpus: $all bytes in all, of $total"
[ "$all" -le "$total" ]
