#!/usr/bin/env bash
# Part of wine.sh: the small i386 system that Wine of 32 bits runs in where the
# machine has none of its own. A machine's i386 half is often out of step with its
# other half, so that the package can't be installed beside it.

# What Wine is asked to do, the same packages as beside the machine's own.
packages=wine32,libwine,fonts-wine,libgnutls30,libxrender1,libxcursor1,libxi6,libxrandr2,libxinerama1,libxcomposite1

# Where this machine's suite comes from, as "MIRROR COMPONENT,..." from apt's settings.
apt_source() { # SUITE
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' |
		awk -v suite="$1" '
			$2 == suite && (mirror == "" || mirror == $1) { mirror = $1; all = all (all == "" ? "" : ",") $3 }
			END { if (mirror == "") exit 1; print mirror, all }'
}

# Prints the folder, within CACHE, of a system with Wine of 32 bits; makes it when
# it is not there.
system_root() { # CACHE
	local suite folder
	# shellcheck source=/dev/null
	suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	folder=$1/i386-$suite-$(cksum <<<"$packages" | cut -d' ' -f1)
	[ -d "$folder" ] || make_system "$suite" "$folder"
	echo "$folder"
}

make_system() { # SUITE FOLDER
	local suite=$1 folder=$2 part=$2.partial log=$2.log mirror components proxy="" as_root=""
	command -v apt-get >/dev/null || die "no Wine of 32 bits on this machine, and no apt-get to make a system that has one"
	read -r mirror components < <(apt_source "$suite") || die "apt's settings name no mirror of this machine's suite \"$suite\" (apt-get indextargets)"
	command -v debootstrap >/dev/null || die "no Wine of 32 bits and no debootstrap; on Debian and Ubuntu: apt-get install debootstrap"
	[ "$(id -u)" -eq 0 ] || as_root="sudo -n"
	if ! $as_root unshare --mount true; then
		die "making a system needs root, or a sudo that asks nothing, and the right to mount (unshare --mount)"
	fi
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	[ -z "$proxy" ] || export http_proxy=$proxy

	say "making an i386 system with wine32 of $suite from $mirror, once (minutes)"
	$as_root rm -rf "$part"
	# What it mounts goes with it.
	if ! $as_root unshare --mount debootstrap --arch=i386 --variant=minbase --components="$components" \
		--include="$packages" "$suite" "$part" "$mirror" </dev/null >"$log" 2>&1; then
		tail -n 20 "$log" "$part/debootstrap/debootstrap.log" >&2 || true
		die "debootstrap --arch=i386 --include=$packages $suite $part $mirror has failed, see above"
	fi
	[ -x "$part/usr/lib/wine/wine" ] || die "the i386 system of $suite has no /usr/lib/wine/wine"
	echo "127.0.0.1 localhost" | $as_root tee "$part/etc/hosts" >/dev/null
	$as_root rm -rf "$part/var/cache/apt" "$part/var/lib/apt/lists"
	[ -z "$as_root" ] || $as_root chown "$(id -u)" "$part" # for wine-root.sh to make folders
	mv "$part" "$folder"
	rm -f "$log"
}
