# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Sourced: use_node FOLDER makes the node that provider-install put into FOLDER
# the one that `node` means; what npm brings often wants a newer one than
# Debian's.
use_node() {
	for each in "$1"/node_modules/node-linux-*/bin; do
		[ ! -x "$each/node" ] || PATH=$each:$PATH
	done
	export PATH
}
