# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086 # `build`, `here`; options are words
# The world of these tests: a sandbox, an environment of 18 auth configs that
# was applied, and a file that wants 20 changes of it: 5 creates, 5 updates, 4
# rotations, a replacement, 2 deletes, 2 adoptions and a rename. With `world`
# first, one without a ledger.
# shellcheck source=tests/cases/canaries.sh
. "$here/../../cases/canaries.sh"

world=after
apply_options='-f prod.yaml --yes --prune --allow-replace rep-1'
export TRUEUP_FINGERPRINT_KEY=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
export LC_ALL=C
unset TRUEUP_FILE TRUEUP_ALLOW_HOSTS CREDENTIALS_DIRECTORY XDG_CONFIG_HOME \
	CI_JOB_URL GITHUB_SERVER_URL
# LeakSanitizer traces its process, which is traced already.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS

fail() {
	printf '%s\n' "$*" >&2
	return 1
}

# start_sandbox FOLDER: sets `url` and `admin`; the first lines of what it says
# are where it is.
start_sandbox() {
	(umask 077 && printf 'case: %s\n' "$SANDBOX_API_KEY" >"$1/keys")
	mkfifo "$1/pipe"
	"$build/trueup-sandbox" --port 0 --api-key-file "$1/keys" \
		--die-with-parent >"$1/pipe" 2>"$1/sandbox.log" &
	sandbox=$!
	url='' admin=''
	exec 3<"$1/pipe"
	while [ -z "$url" ] || [ -z "$admin" ]; do
		IFS= read -r line <&3 || fail "no sandbox" || exit 1
		case $line in
		'url: '*) url=${line#url: } ;;
		'admin-token: '*) admin=${line#admin-token: } ;;
		esac
	done
	export TRUEUP_VAR_SANDBOX_URL="$url"
}

stop_sandbox() {
	kill "$sandbox" 2>/dev/null || :
	wait "$sandbox" 2>/dev/null || :
}

# ask METHOD PATH [BODY-FILE]
ask() {
	curl -sS --fail-with-body --noproxy '*' -X "$1" \
		-H "x-sandbox-admin: $admin" \
		-H 'content-type: application/json' \
		${3:+--data-binary "@$3"} "$url/_sandbox/$2"
}

# entry KEY CONNECTOR SCOPES CANARY VERSION
entry() {
	printf '  %s:\n    connector: %s\n    scopes: [%s]\n' "$1" "$2" "$3"
	printf '    client: { id: "client-%s", secret: { env: CANARY_%s },' \
		"$1" "$4"
	printf ' secretVersion: "%s" }\n' "$5"
}

head_of_file() {
	cat <<-'EOT'
		trueup: 1
		environment: prod
		platform:
		  binding: alloy-assumed
		  url: ${env:TRUEUP_VAR_SANDBOX_URL}
		  apiKey: { env: SANDBOX_API_KEY }
		policy: { maxDeletes: 5, maxDeletePercent: 100 }
		authConfigs:
	EOT
}

file_before() {
	head_of_file
	for n in 1 2 3 4 5; do entry "upd-$n" slack 'chat:write' 1 1; done
	for n in 1 2 3 4; do entry "rot-$n" slack 'chat:write' 2 1; done
	entry rep-1 slack 'chat:write' 1 1
	for n in 1 2; do entry "del-$n" slack 'chat:write' 1 1; done
	entry ren-old slack 'chat:write' 1 1
	for n in 1 2 3; do entry "keep-$n" slack 'chat:write' 1 1; done
}

file_after() {
	head_of_file
	for n in 1 2 3 4 5; do
		entry "upd-$n" slack 'chat:write, channels:read' 1 1
	done
	for n in 1 2 3 4; do entry "rot-$n" slack 'chat:write' 3 2; done
	entry rep-1 salesforce 'api' 1 1
	entry ren-new slack 'chat:write' 1 1 | sed '1a\
    renamedFrom: ren-old\
    name: ren-old' | sed 's/client-ren-new/client-ren-old/'
	for n in 1 2 3; do entry "keep-$n" slack 'chat:write' 1 1; done
	for n in 1 2 3 4 5; do entry "new-$n" slack 'chat:write' 4 1; done
	for n in 1 2; do entry "ado-$n" slack 'chat:write' 5 1; done
}

# Two that somebody made by hand, to be adopted.
made_by_hand() {
	jq '.environments.case += [range(1; 3) | {
		authConfigId: ("00000000000000000000000" + tostring),
		connectorId: "slack", name: ("ado-" + tostring),
		authenticationType: "oauth2", useOwnCredentials: true,
		clientId: ("client-ado-" + tostring),
		clientSecret: "made-by-hand-4711", scopes: ["chat:write"] }]
		| { environments }'
}

# store: what the platform holds now, as PUT takes it.
store() {
	ask GET store | jq '{ environments }'
}

# Another world: no ledger yet, five to create and two to adopt.
file_first() {
	head_of_file
	file_after | sed -n '/^  new-1:/,$p'
}

# make_world FOLDER: the world before into FOLDER/before and FOLDER/live.json.
make_world() (
	mkdir -p "$1/before"
	cd "$1/before" || exit
	if [ "$world" = first ]; then
		file_first >prod.yaml
		store | made_by_hand >"$1/live.json"
		exit
	fi
	file_before >prod.yaml
	"$build/trueup" apply $apply_options --init-ledger >"$1/log" 2>&1 || {
		cat "$1/log"
		fail "the world cannot be made"
	} || exit
	store | made_by_hand >"$1/live.json"
	file_after >prod.yaml
)

# begin FOLDER: FOLDER/work and the platform are as before.
begin() {
	rm -rf "$1/work"
	cp -rp "$1/before" "$1/work"
	ask PUT store "$1/live.json" >/dev/null
	ask POST reset-counters >/dev/null
}

# The platform's objects by name; ids only of those that were there before,
# so that a twin is a line more and a lost id is a line that differs.
# shown_store FOLDER
shown_store() {
	ask GET store | jq -S --slurpfile before "$1/live.json" '
		[$before[0].environments.case[].authConfigId] as $known
		| .environments.case | map(
			(if .authConfigId | IN($known[]) then .
			 else .authConfigId = "new" end)
			| del(.createdAt, .updatedAt)) | sort_by(.name, .authConfigId)'
}

# The creates that the platform carried out.
creates() {
	ask GET requests | jq '[.list[] | select(.method == "POST" and
		.status >= 200 and .status < 300)] | length'
}

# shown_files WORK
shown_files() {
	(cd "$1" && find . | sort)
}

# query WORK SQL: on a copy, for to look is to change.
query() {
	[ -f "$1/.trueup/prod.db" ] || return 0
	rm -rf "$1.look"
	cp -rp "$1/.trueup" "$1.look"
	sqlite3 "$1.look/prod.db" "$2"
}

# learn FOLDER: what a run without a fault leaves, into FOLDER/wanted.
learn() {
	canary_patterns >"$1/patterns"
	begin "$1"
	mkdir -p "$1/wanted"
	(cd "$1/work" && "$build/trueup" apply $apply_options) \
		>"$1/wanted/said" 2>&1 || {
		cat "$1/wanted/said"
		fail "an apply without any fault fails"
	} || return
	(cd "$1/work" && "$build/trueup" plan -f prod.yaml --prune \
		--detailed-exitcode) >"$1/wanted/plan" 2>&1 || {
		cat "$1/wanted/plan"
		fail "a second plan is not empty"
	} || return
	shown_store "$1" >"$1/wanted/store"
	creates >"$1/wanted/creates"
	shown_files "$1/work" >"$1/wanted/files"
}

# check_intents FOLDER: before anything is mended, each object that was not
# there before has its intent.
check_intents() {
	ask GET store | jq -r --slurpfile before "$1/live.json" '
		[$before[0].environments.case[].authConfigId] as $known
		| .environments.case[]
		| select(.authConfigId | IN($known[]) | not)
		| .name' | sort >"$1/made"
	query "$1/work" "SELECT DISTINCT name FROM intent
		WHERE kind IN ('create', 'replace-create')" | sort >"$1/intended"
	[ -z "$(comm -23 "$1/made" "$1/intended")" ] ||
		fail "made without an intent:" \
			"$(comm -23 "$1/made" "$1/intended" | tr '\n' ' ')"
}

# same FOLDER WHAT
same() {
	diff -u "$1/wanted/$2" "$1/got.$2" >&2 || fail "$2 differs"
}

# check_recovery FOLDER: the next run brings it all to where one run without a
# fault brings it, and the one after that has nothing to do.
check_recovery() {
	(cd "$1/work" && "$build/trueup" apply $apply_options) \
		>"$1/again" 2>&1 || {
		cat "$1/again" >&2
		fail "the next run fails"
	} || return
	shown_store "$1" >"$1/got.store"
	creates >"$1/got.creates"
	(cd "$1/work" && "$build/trueup" plan -f prod.yaml --prune \
		--detailed-exitcode) >"$1/got.plan" 2>&1 || {
		cat "$1/got.plan" >&2
		fail "there is still something to do"
	} || return
	shown_files "$1/work" >"$1/got.files"
	same "$1" store && same "$1" creates && same "$1" files || return
	query "$1/work" "SELECT 'locked by ' || who FROM ledger_lock;
		SELECT 'open: ' || key FROM intent
		WHERE outcome IN ('open', 'unknown');
		SELECT 'integrity: ' || integrity_check
		FROM pragma_integrity_check WHERE integrity_check <> 'ok'" \
		>"$1/left" || return
	[ ! -s "$1/left" ] || fail "left behind: $(cat "$1/left")"
}

# check_leaks FOLDER FILE…: no canary is in what is left or was said.
check_leaks() {
	patterns=$1/patterns
	shift
	found=$(grep -r -a -l -F -f "$patterns" "$@")
	[ -z "$found" ] || fail "a secret is in $found"
}
