# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Sourced by what measures, with $top and $build ("": a release is made): a
# folder to work in that goes at the end, what trueup reads of the environment,
# and sandboxes.
# shellcheck disable=SC2034,SC2154 # shared with who sources it

if [ -z "$build" ]; then
	build=$top/build/release
	cmake -S "$top" -B "$build" -G Ninja >/dev/null
	cmake --build "$build" >/dev/null
fi

work=$(mktemp -d)
sandbox=
finish() {
	if [ -n "$sandbox" ]; then
		kill "$sandbox" 2>/dev/null || :
		wait "$sandbox" 2>/dev/null || :
	fi
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
cd "$work" || exit

umask 077
unset TRUEUP_FILE TRUEUP_ALLOW_HOSTS
# As generate.c's providers have them.
export BENCH_SECRET_SLACK=00000000000000000000000000000001
export BENCH_SECRET_GITHUB=0000000000000000000000000000000000000001
export BENCH_SECRET_GOOGLE=GOCSPX-0000000000000000000000000001
export BENCH_SECRET_HUBSPOT=00000000000000000000000000000001
export BENCH_SECRET_MICROSOFT=aB_8Q~0000000000000000000000000000000001
export BENCH_SECRET_SALESFORCE=0000000000000000000000000000000000000000000000000000000000000001
export TRUEUP_VAR_SANDBOX_URL=http://127.0.0.1:9
export TRUEUP_FINGERPRINT_KEY=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
trueup=$build/trueup
bench=$build/bench

# start_sandbox [OPTION…]: with the API keys in `keys`; sets $url and $admin.
start_sandbox() {
	rm -f said
	mkfifo said
	"$build/trueup-sandbox" --port 0 --api-key-file keys "$@" \
		>said 2>sandbox.log &
	sandbox=$!
	exec 3<said
	url='' admin=''
	while [ -z "$url" ] || [ -z "$admin" ]; do
		IFS= read -r line <&3 || {
			cat sandbox.log >&2
			exit 1
		}
		case $line in
		'url: '*) url=${line#url: } ;;
		'admin-token: '*) admin=${line#admin-token: } ;;
		esac
	done
	export TRUEUP_VAR_SANDBOX_URL="$url"
}

stop_sandbox() {
	kill "$sandbox"
	wait "$sandbox" 2>/dev/null || :
	sandbox=
	exec 3<&-
}
