#!/usr/bin/env bash
# Ends a machine of the tests in interop/wine once whoever holds the other end of
# its standard input lets go of it or is gone, in whatever way.
#
#   scripts/wine-watch.sh FOLDER COMMAND...
#
# COMMAND ends the wineserver, and so all Windows programs. Then every process that has
# FOLDER/prefix as its WINEPREFIX is ended, and FOLDER is removed. It must not have that
# variable itself.
set -uo pipefail
trap '' INT TERM HUP
folder=${1:?}
shift

cat >/dev/null
timeout 20 env WINEPREFIX="$folder/prefix" "$@" </dev/null >/dev/null 2>&1

# Ends what is left, the display above all; at last by force.
end_all() { # SIGNAL; fails when nothing is left
	local environ found=1
	while read -r environ; do
		kill "-$1" "$(cut -d/ -f3 <<<"$environ")" 2>/dev/null
		found=0
	done < <(grep -lzxF "WINEPREFIX=$folder/prefix" /proc/[0-9]*/environ 2>/dev/null)
	return $found
}
for _ in {1..50}; do
	end_all TERM || break
	sleep 0.05
done
end_all KILL
rm -rf "$folder"
