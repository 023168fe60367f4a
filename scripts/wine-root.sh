#!/usr/bin/env bash
# Runs a command with another folder as /, in a mount namespace of its own: what
# is mounted for it is gone with its last process, however that ends.
#
#   scripts/wine-root.sh ROOT FOLDER... -- COMMAND...
#
# FOLDER is the same folder, at the same path, within ROOT. The command begins in
# the current folder, which must be within one of them.
set -euo pipefail

if [ "${1:-}" != --inside ]; then
	mapped=()
	[ "$(id -u)" -eq 0 ] || mapped=(--map-root-user)
	exec unshare --mount "${mapped[@]}" "$0" --inside "$@"
fi
shift
root=$1
shift
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
while [ "$1" != -- ]; do
	mkdir -p "$root$1"
	mount --rbind "$1" "$root$1"
	shift
done
shift
exec chroot "$root" /usr/bin/env --chdir="$PWD" "$@"
