# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Canaries: made-up secrets that every case is given, and the search for them.
# They hold characters that each encoding changes.

# set_canaries: exports CANARY_1 … CANARY_5, the API key, and that of another
# environment.
set_canaries() {
	for n in 1 2 3 4 5; do
		export "CANARY_$n=canary/$n+\"q\\b&<zR7${n}kW9${n}vX2${n}pL=="
	done
	export SANDBOX_API_KEY="canary-api-key-4hT8mQ2nB6"
	export OTHER_API_KEY="canary-other-key-9wR3kZ7cV5"
}

canary_values() {
	printf '%s\n' "$CANARY_1" "$CANARY_2" "$CANARY_3" "$CANARY_4" \
		"$CANARY_5" "$SANDBOX_API_KEY" "$OTHER_API_KEY"
}

hex_of() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }

# A canary's base64 at each of the three alignments, without what depends on
# its neighbours.
base64_of() {
	printf %s "$1" | base64 -w0 | sed 's/.\{4\}$//'
	echo
	printf 'x%s' "$1" | base64 -w0 | sed 's/^.\{4\}//; s/.\{4\}$//'
	echo
	printf 'xx%s' "$1" | base64 -w0 | sed 's/^.\{4\}//; s/.\{4\}$//'
	echo
}

# canary_patterns: each canary raw, and base64, URL, JSON and hex encoded.
canary_patterns() {
	canary_values | while IFS= read -r value; do
		base64_of "$value"
		hex_of "$value"
		echo
		hex_of "$value" | tr a-f A-F
		echo
	done
	canary_values | jq -rR '., @uri, (@json | .[1:-1]),
		(@json | .[1:-1] | gsub("/"; "\\/"))'
}

# search_canaries FOLDER: fails, naming the files, when any is found below it.
search_canaries() {
	canary_patterns >"$1.patterns"
	if grep -r -a -l -F -f "$1.patterns" "$1"; then
		echo "a canary secret was found in the files above" >&2
		return 1
	fi
}
