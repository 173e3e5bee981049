# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Sourced by the examples' `run`: installs, builds, starts a sandbox, stops it.
# Sets $top, $build, $work (a folder that goes at the end), $url, $admin.
# Tests set TRUEUP_BUILD to a finished build.

build=${TRUEUP_BUILD:-$top/build/release}
work=$(mktemp -d)
sandbox=
# What the examples rely on must not come from the reader's shell.
unset TRUEUP_FILE TRUEUP_ALLOW_HOSTS

finish() {
	if [ -n "$sandbox" ]; then
		kill "$sandbox" 2>/dev/null || :
		wait "$sandbox" 2>/dev/null || :
	fi
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

say() {
	if [ -t 1 ]; then
		printf '\n\033[1m# %s\033[0m\n' "$*"
	else
		printf '\n# %s\n' "$*"
	fi
}

# run EXIT COMMAND…: shows a command, runs it, insists on its exit code.
run() {
	wanted=$1
	shift
	printf '$ %s\n' "$*"
	got=0
	"$@" || got=$?
	if [ "$got" -ne "$wanted" ]; then
		echo "exit $got where $wanted was expected" >&2
		exit 1
	fi
}

trueup() { "$build/trueup" "$@"; }

# Installs what is missing, and builds; nothing to do with TRUEUP_BUILD.
make_trueup() {
	[ -z "${TRUEUP_BUILD:-}" ] || return 0
	"$top/tests/setup" build
	echo "building in $build"
	if ! { cmake -S "$top" -B "$build" -DTRUEUP_TESTS=OFF &&
		cmake --build "$build" --parallel; } >"$work/build.log" 2>&1; then
		cat "$work/build.log" >&2
		exit 1
	fi
}

# start_sandbox [OPTION…]: on a port that the system chooses.
start_sandbox() {
	"$build/trueup-sandbox" --port 0 --ready-file "$work/ready" --quiet \
		"$@" >"$work/sandbox.log" 2>&1 &
	sandbox=$!
	tries=0
	while [ ! -s "$work/ready" ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 100 ] || ! kill -0 "$sandbox" 2>/dev/null; then
			cat "$work/sandbox.log" >&2
			exit 1
		fi
		sleep 0.1
	done
	url=$(sed -n 's/^url: //p' "$work/ready")
	admin=$(sed -n 's/^admin-token: //p' "$work/ready")
	export TRUEUP_VAR_SANDBOX_URL="$url"
}

random_hex() { od -An -tx1 -N32 /dev/urandom | tr -d ' \n'; }

# behind_our_back ID JSON: changes a live object as a dashboard would.
behind_our_back() {
	curl --silent --show-error --fail --noproxy '*' -X PATCH \
		-H "x-sandbox-admin: $admin" \
		-H 'content-type: application/json' -d "$2" \
		"$url/_sandbox/objects/$1" >/dev/null
}
