# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034 # variables of whoever reads it
# What every driver here stands on: a folder of its own, the environment of a
# case, and a sandbox of the environment `faults`. $build is set.

# shellcheck source=tests/cases/canaries.sh
. "$here/../cases/canaries.sh"
temporary=$(mktemp -d)
sandbox=
finish() {
	stop_sandbox
	rm -rf "$temporary"
}
trap finish EXIT
trap 'exit 130' INT TERM
cd "$temporary" || exit
unset TRUEUP_FILE TRUEUP_ALLOW_HOSTS CREDENTIALS_DIRECTORY CI_JOB_URL \
	GITHUB_SERVER_URL XDG_CONFIG_HOME
export HOME="$temporary/home" TMPDIR="$temporary/tmp" LC_ALL=C TZ=UTC
mkdir "$TMPDIR"
set_canaries
export TRUEUP_FINGERPRINT_KEY=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
for n in 1 2 3 4 5; do
	export "FAULT_SECRET_$n=$(eval "printf %s \"\$CANARY_$n\"")"
done
export FAULT_SECRET_6="$OTHER_API_KEY"
canary_patterns >patterns
unset CANARY_1 CANARY_2 CANARY_3 CANARY_4 CANARY_5
(umask 077 && echo "faults: $SANDBOX_API_KEY" >keys)

# start_sandbox [OPTION…]
start_sandbox() {
	rm -f said
	mkfifo said
	"$build/trueup-sandbox" --port 0 --api-key-file keys \
		--dialect "$dialect" "$@" >said 2>sandbox.log &
	sandbox=$!
	exec 3<said
	url='' admin=''
	while [ -z "$url" ] || [ -z "$admin" ]; do
		IFS= read -r line <&3 || {
			cat sandbox.log
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
	[ -n "$sandbox" ] || return 0
	kill "$sandbox" 2>/dev/null || :
	wait "$sandbox" 2>/dev/null || :
	sandbox=
}

# ask METHOD PATH [BODY-FILE]
ask() {
	curl -sS --fail-with-body --noproxy '*' -X "$1" \
		-H "x-sandbox-admin: $admin" ${3:+--data-binary "@$3"} \
		"$url/_sandbox/$2"
}

# leaks: the files with a secret in them, among all that is left here but what
# the sandbox said, or was told. Those in the sandbox's store are compared, so
# that they are known to have been sent.
leaks() {
	find . -type f ! -name keys ! -name patterns ! -name 'store.*' \
		! -name 'rows.*' ! -name asked -print0 |
		xargs -0 grep -a -l -F -f patterns -- || :
}

# lock_count: rows in the ledger's table of its lock.
lock_count() {
	sqlite3 .trueup/faults.db 'SELECT count(*) FROM ledger_lock'
}
