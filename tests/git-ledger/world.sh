# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Sourced by the groups: a sandbox, a remote, clones of it, and an oracle that
# knows nothing of trueup: the sandbox's store and git itself.

here=$(cd "$(dirname "$0")" && pwd)
servers_at=$here/../git
# shellcheck source=tests/git/servers.sh
. "$here/../git/servers.sh"
# shellcheck source=tests/cases/canaries.sh
. "$here/../cases/canaries.sh"
set_canaries
PATH=$build:$PATH
TRUEUP_FINGERPRINT_KEY=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
export PATH TRUEUP_FINGERPRINT_KEY
ledger_ref=refs/trueup/ledger/prod

fail() {
	echo "FAILED: $*" >&2
	# shellcheck disable=SC2034 # the groups end with it
	failed=1
}

# Sets $admin; the URL is where files look for it.
start_sandbox() {
	(umask 077 && printf 'suite: %s\n' "$SANDBOX_API_KEY" >"$temporary/keys")
	mkfifo "$temporary/sandbox.said"
	"$build/trueup-sandbox" --port 0 --api-key-file "$temporary/keys" \
		>"$temporary/sandbox.said" 2>"$temporary/sandbox.log" &
	servers="$servers $!"
	exec 5<"$temporary/sandbox.said"
	admin=
	while [ -z "$admin" ]; do
		IFS= read -r line <&5 || {
			cat "$temporary/sandbox.log" >&2
			exit 1
		}
		case $line in
		'url: '*) TRUEUP_VAR_SANDBOX_URL=${line#url: } ;;
		'admin-token: '*) admin=${line#admin-token: } ;;
		esac
	done
	export TRUEUP_VAR_SANDBOX_URL
}

# ask METHOD PATH [BODY-FILE]
ask() {
	curl -sS --fail-with-body --noproxy '*' -X "$1" \
		-H "x-sandbox-admin: $admin" \
		-H 'content-type: application/json' \
		${3:+--data-binary "@$3"} "$TRUEUP_VAR_SANDBOX_URL/_sandbox/$2"
}

posts() { ask GET requests | jq '[.list[] | select(.method == "POST")] | length'; }

# What the platform holds, without what differs from run to run.
objects() {
	ask GET store | jq -S '[.. | objects | select(has("connectorId")) |
		del(.authConfigId, .createdAt, .updatedAt, .redirectUri)] |
		sort_by(.name)'
}

# write_head FILE: an environment file up to its auth configs.
write_head() {
	cat >"$1" <<'EOT'
trueup: 1
environment: prod
platform:
  binding: alloy-assumed
  url: ${env:TRUEUP_VAR_SANDBOX_URL}
  apiKey: { env: SANDBOX_API_KEY }
ledger: { store: git }
policy: { maxDeletes: 5, maxDeletePercent: 100, maxMissing: 5 }
authConfigs:
EOT
}

# write_app FILE KEY SCOPE CANARY
write_app() {
	cat >>"$1" <<EOT
  $2:
    connector: slack
    client: { id: "1234567890.$2", secret: { env: $4 } }
    scopes: [$3]
EOT
}

# clone FOLDER URL: as a pipeline's runner finds it, with nothing kept.
clone() {
	rm -rf "$1"
	mkdir -p "$1"
	git_in "$1" init -q
	git_in "$1" remote add origin "$2"
}

# One line of commits, each with one document and one parent.
check_linear() {
	[ -z "$(git -C "$1" rev-list --merges $ledger_ref)" ] ||
		fail "$2: the ledger's history has a merge"
	[ "$(git -C "$1" rev-list --max-parents=0 $ledger_ref | wc -l)" = 1 ] ||
		fail "$2: the ledger's history has several beginnings"
	git -C "$1" fsck --strict --no-dangling >"$temporary/fsck" 2>&1 ||
		fail "$2: $(cat "$temporary/fsck")"
	git -C "$1" cat-file --batch --batch-all-objects >"$temporary/objects" ||
		fail "$2: objects cannot be read"
	canary_values >"$temporary/canaries"
	! grep -a -q -F -f "$temporary/canaries" "$temporary/objects" ||
		fail "$2: a secret is in the repository"
	state=$(git -C "$1" show refs/trueup/lock/prod:lock.json | jq -r .state)
	[ "$state" = released ] || fail "$2: the lock is $state"
}
