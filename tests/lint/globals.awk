# SPDX-License-Identifier: MIT
# objdump's symbol tables: after 17 columns of value and flags the section, a
# tab, and size, visibility (.hidden) and name.
function is_ours(file) {
	return file !~ /^tests\// && file !~ /embedded\.c\.o$/
}

function wrong(file, why) {
	sub(/CMakeFiles\/[^\/]*\//, "", file)
	sub(/\.o$/, "", file)
	print file ": " why | "sort"
	bad = 1
}

/file format/ {
	file = $1
	sub(/:$/, "", file)
	next
}

!/\t/ {
	next
}

{
	split($0, half, "\t")
	name = $NF
	flags = substr(half[1], 18, 7)
	section = substr(half[1], 26)
	if (section == "*UND*") {
		if (is_ours(file))
			used[name] = 1
		else
			tested[name] = 1
		next
	}
}

# What compilers add; and .data.rel.ro, which is const once it is loaded.
name ~ /^(__|\.|_sub_|_GLOBAL_|llvm)/ || !is_ours(file) || flags ~ /[dfF]/ && flags !~ /F/ {
	next
}

section ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && section !~ /^\.data\.rel\.ro/ {
	if (flags ~ /O/)
		wrong(file, name " is a variable that can change")
}

flags ~ /^g/ && half[2] ~ /\.hidden/ && name != "main" {
	defined[name] = file
}

# Names in doors, without comments.
function read_doors(    command, line) {
	command = "cat " root "/reconcile/base/*.h " root "/schema/*.h; " \
		"for room in " root "/reconcile/*/; do " \
		"name=$(basename \"$room\"); " \
		"cat \"$room$name.h\" 2>/dev/null; done"
	while ((command | getline line) > 0)
		while (match(line, /[a-z_0-9]+/)) {
			in_door[substr(line, RSTART, RLENGTH)] = 1
			line = substr(line, RSTART + RLENGTH)
		}
	close(command)
}

END {
	read_doors()
	for (name in defined) {
		if (used[name] || (tested[name] && in_door[name]))
			continue
		if (tested[name])
			wrong(defined[name], name " serves only tests and is " \
				"in no door")
		else
			wrong(defined[name], name " is needed only here: " \
				"make it static or remove it")
	}
	close("sort")
	exit bad
}
