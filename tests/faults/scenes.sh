# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034 # variables of whoever reads it
# Scenes: what is declared and live before the fault, and what is wanted. Five
# auth configs, app-1 to app-5; rows of a model are
#
#     name connector client-id scopes secret enabled
#
# and come from here, not from what trueup says.

# scene_set NAME: dialect, binding, api (where it begins), operation that is
# hit, options of apply, and `before`: live already, or not.
scene_set() {
	dialect=alloy binding=alloy-assumed api='' options='' before=yes
	first_connector=slack first_scope=chat:write other_connector=github
	case $1 in
	list) operation=list binding=bindings/paged.yaml ;;
	get) operation='get' ;;
	create) operation=create before=no ;;
	update) operation=update ;;
	enable) operation=enable dialect=composio binding=composio \
		api=/api/v3.1 first_connector=github first_scope=repo ;;
	delete) operation=delete options='--prune' ;;
	replace) operation=create options="$all_replaced" ;;
	swap-delete) operation=delete dialect=nango binding=nango \
		options="$all_replaced" ;;
	swap-create) operation=create dialect=nango binding=nango \
		options="$all_replaced" ;;
	esac
}
all_replaced=$(printf -- '--allow-replace app-%d ' 1 2 3 4 5)
all_replaced="$all_replaced --allow-deletes 5"

# head: what stands over the auth configs.
head_of() {
	cat <<EOT
trueup: 1
environment: faults
platform:
  binding: $binding
  url: \${env:TRUEUP_VAR_SANDBOX_URL}$api
  apiKey: { env: SANDBOX_API_KEY }
policy: { maxDeletes: 5, maxDeletePercent: 100 }
authConfigs:
EOT
}

# entry N CONNECTOR SCOPE ENABLED
entry() {
	cat <<EOT
  app-$1:
    connector: $2
    client: { id: id-$1, secret: { env: FAULT_SECRET_$1 } }
    scopes: [$3]
EOT
	[ "$4" = true ] || echo "    enabled: false"
}

# entries N CONNECTOR SCOPE ENABLED: app-1 to app-N.
entries() {
	for n in 1 2 3 4 5; do
		[ "$n" -gt "$1" ] || entry "$n" "$2" "$3" "$4"
	done
}

# What the file says before, and what it says when the fault strikes.
scene_before() {
	head_of
	entries 5 "$first_connector" "$first_scope" true
	[ "$1" != delete ] || entry 6 slack chat:write true
}

scene_wanted() {
	head_of
	case $1 in
	delete) entry 6 slack chat:write true ;;
	enable) entries 5 github repo false ;;
	replace | swap-*) entries 5 "$other_connector" "$first_scope" true ;;
	create) entries 5 slack chat:write true ;;
	*) entries 5 slack channels:read true ;;
	esac
}

# row N CONNECTOR SCOPE ENABLED
row() {
	printf 'app-%s %s id-%s %s %s %s\n' "$1" "$2" "$1" "$3" \
		"$(eval "printf %s \"\$FAULT_SECRET_$1\"")" "$4"
}

# model SCENE [UNDONE]: the rows of the store when all is as wanted, but for
# object UNDONE, which is as it was before.
model() {
	for n in 1 2 3 4 5; do
		was="row $n $first_connector $first_scope true"
		is=
		case $1 in
		delete) ;;
		create) is="row $n slack chat:write true" was= ;;
		enable) is="row $n github repo false" ;;
		replace) is="row $n $other_connector $first_scope true"
			$was ;;
		swap-*) is="row $n $other_connector $first_scope true" ;;
		*) is="row $n slack channels:read true" ;;
		esac
		case $1-${2:-} in
		replace-"$n" | swap-create-"$n") ;; # none yet
		*-"$n") $was ;;
		*) $is ;;
		esac
	done | LC_ALL=C sort
	[ "$1" != delete ] || row 6 slack chat:write true
}

# The same rows out of the sandbox's store.
# shellcheck disable=SC2016 # jq's own variables
store_rows() {
	case $dialect in
	alloy) filter='[.name, .connectorId, .clientId,
		(.scopes | sort | join(",")), .clientSecret, true]' ;;
	composio) filter='[.name, .toolkit.slug, .credentials.client_id,
		(.credentials.scopes | if type == "array" then sort | join(",")
			else . end),
		.credentials.client_secret, .status == "ENABLED"]' ;;
	nango) filter='[.unique_key, .provider, .credentials.client_id,
		.credentials.scopes, .credentials.client_secret, true]' ;;
	esac
	jq -r ".environments.faults[] | $filter | map(tostring) | join(\" \")" |
		LC_ALL=C sort
}

# name and id of each.
store_ids() {
	case $dialect in
	alloy) jq -r '.environments.faults[] | .name + " " + .authConfigId' ;;
	composio) jq -r '.environments.faults[] | .name + " " + .id' ;;
	nango) jq -r '.environments.faults[] | .unique_key' ;;
	esac | LC_ALL=C sort
}
