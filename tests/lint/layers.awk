# SPDX-License-Identifier: MIT
# First file: reconcile/CMakeLists.txt; second: grep's lines of includes.
BEGIN {
	count = split(rooms, order, " ")
	for (i = 1; i <= count; i++)
		rank[order[i]] = i
	split("yaml.h yaml-0.1 curl libcurl jansson.h jansson " \
		"sqlite3.h sqlite3 sodium.h libsodium microhttpd.h " \
		"libmicrohttpd pcre2.h libpcre2-8 git2.h libgit2 " \
		"libssh2.h libssh2 " \
		"nettle nettle popt.h popt", pairs, " ")
	for (i = 1; i in pairs; i += 2)
		module[pairs[i]] = pairs[i + 1]
	libraries["cmd", "popt"] = libraries["cmd", "jansson"] = 1
}

function wrong(where, why) {
	print where ": " why
	bad = 1
}

# One word of add_room(…) or add_room_part(…).
function room_word(word) {
	if (room == "") {
		room = word
		named[room] = 1
		if (!(room in rank))
			wrong("reconcile/CMakeLists.txt", room " has no rank")
		if (rank[room] < last)
			wrong("reconcile/CMakeLists.txt", room " is too late")
		last = rank[room]
	} else if (word ~ /^(USES|LIBRARIES|SOURCES|MODULE)$/) {
		list = word
	} else if (list == "USES") {
		uses[room, word] = 1
		if (!(word in rank) || rank[word] >= rank[room])
			wrong("reconcile/CMakeLists.txt", room \
				" cannot use " word ", which is above it")
	} else if (list == "LIBRARIES") {
		libraries[room, word] = 1
	}
}

FNR == NR {
	sub(/#.*/, "")
	if (sub(/^add_room(_part)?\(/, "")) {
		inside = 1
		room = list = ""
	}
	if (!inside)
		next
	ends = sub(/\).*/, "")
	words = split($0, word, " ")
	for (i = 1; i <= words; i++)
		room_word(word[i])
	if (ends)
		inside = 0
	next
}

# reconcile/ROOM/FILE:LINE:#include "TO"
{
	split($0, part, /["<>]/)
	split(part[1], at, ":")
	depth = split(at[1], path, "/")
	from = path[1] == "cmd" ? "cmd" : path[2]
	file = path[depth]
	split(part[2], to, "/")
	where = at[1] ":" at[2]
	full[from] = full[from] || file ~ /\.c$/
}

$0 ~ /#include </ {
	if (!(to[1] in module))
		next
	if (!((from, module[to[1]]) in libraries))
		wrong(where, from " does not name the library " module[to[1]])
	library_used[from, module[to[1]]] = 1
	next
}

{
	if (to[1] == from || to[1] == "schema" || part[2] !~ /\//)
		next
	if (to[1] == "base" && from != "base")
		next
	door = to[2] == to[1] ".h"
	if (!(to[1] in rank) || rank[to[1]] > rank[from])
		wrong(where, to[1] " is above " from)
	else if (!door)
		wrong(where, part[2] " is not the door of " to[1])
	else if (from != "cmd" && !((from, to[1]) in uses))
		wrong(where, from " does not name " to[1] " in USES")
	used[from, to[1]] = 1
	if (file == from ".h")
		by_door[from, to[1]] = 1
}

# What the doors that a room includes include is seen by it as well.
function close_over(room,    changed, i, j) {
	do {
		changed = 0
		for (i = 1; i <= count; i++)
			for (j = 1; j <= count; j++)
				if (used[room, order[i]] && \
				    by_door[order[i], order[j]] && \
				    !used[room, order[j]])
					changed = used[room, order[j]] = 1
	} while (changed)
}

END {
	for (i = 1; i <= count; i++)
		if (full[order[i]])
			close_over(order[i])
	for (pair in uses) {
		split(pair, names, SUBSEP)
		if (full[names[1]] && !used[names[1], names[2]])
			wrong("reconcile/CMakeLists.txt", names[1] \
				" has no need of " names[2] " in USES")
	}
	for (pair in libraries) {
		split(pair, names, SUBSEP)
		if (names[1] != "cmd" && full[names[1]] && \
		    !((names[1], names[2]) in library_used))
			wrong("reconcile/CMakeLists.txt", names[1] \
				" has no need of the library " names[2])
	}
	exit bad
}
