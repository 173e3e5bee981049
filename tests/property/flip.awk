# SPDX-License-Identifier: MIT
# Reads the tables of reconcile/plan and prints one flipped line after another:
# file TAB line TAB what was flipped TAB the line as it is then.
BEGIN {
	split("SET KEEP NONE KEEP KEEP SET ROTATE KEEP RESEND KEEP CLEAR KEEP " \
		"UNKNOWN SET NOT_COMPARED SET", pairs, " ")
	for (i = 1; i in pairs; i += 2)
		action[pairs[i]] = pairs[i + 1]
	split("KEEP SET SET KEEP DROP KEEP NOTHING SET", pairs2, " ")
	for (i = 1; i in pairs2; i += 2)
		record[pairs2[i]] = pairs2[i + 1]
	split("NONE CHANGE_ADOPT CHANGE_ADOPT CHANGE_RECREATE CHANGE_CREATE " \
		"CHANGE_RECREATE CHANGE_RECREATE CHANGE_CREATE " \
		"CHANGE_REPLACE CHANGE_DELETE CHANGE_DELETE CHANGE_REPLACE " \
		"CHANGE_NOTE CHANGE_ADOPT", pairs3, " ")
	for (i = 1; i in pairs3; i += 2)
		kind[pairs3[i]] = pairs3[i + 1]
	split("OPAQUE FOREIGN FOREIGN OPAQUE SEVERAL MAKE CLAIMED MAKE " \
		"LIST REMOVE", pairs4, " ")
	for (i = 1; i in pairs4; i += 2)
		verdict[pairs4[i]] = pairs4[i + 1]
	split("RENAME_TWICE RENAME_TAKE RENAME_TAKE RENAME_NOTHING " \
		"RENAME_HINT RENAME_NOTHING RENAME_NOTHING RENAME_HINT",
		pairs5, " ")
	for (i = 1; i in pairs5; i += 2)
		rename[pairs5[i]] = pairs5[i + 1]
}

# Cuts a line at its commas, but not within quotes; spaces stay.
function cut(text,    i, c, quoted) {
	count = 1
	cells[1] = ""
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "\"")
			quoted = !quoted
		if (c == "," && !quoted)
			cells[++count] = ""
		else
			cells[count] = cells[count] c
	}
}

function bare(cell) {
	gsub(/^[ \t]+|[ \t]+$/, "", cell)
	return cell
}

function print_line(what, line) {
	print FILENAME "\t" FNR "\t" what "\t" line
}

# The line with cell `at` as `value`.
function flip(at, value, name,    i, line) {
	for (i = 1; i <= count; i++)
		line = line (i > 1 ? "," : "") (i == at ? value : cells[i])
	print_line(id " " name, line ",")
}

function toggle(at, name) {
	flip(at, 1 - bare(cells[at]), name)
}

# What only a row that writes means, and what only a row that is shown means,
# is not flipped in others: nobody could see it.
function field_row() {
	if (id !~ /^F1u?$/)
		flip(11, "\"flipped\"", "result")
	toggle(12, "write")
	if (id !~ /^F1[mu]?$/)
		toggle(13, "drift")
	if (bare(cells[12]) == 1 && id != "F18")
		toggle(14, "review")
	sub(/\)$/, "", cells[15])
	flip(15, record[bare(cells[15])] ")", "record")
}

function secret_row() {
	if (id == "S4") {
		flip(1, "\tROW(\"S4x\"", "error")
		return
	}
	flip(15, action[bare(cells[15])], "wish")
	if (bare(cells[15]) == "NONE")
		return
	toggle(16, "needs value")
	toggle(17, "records")
}

function look_row() {
	flip(5, action[bare(cells[5])], "wish")
	toggle(6, "needs value")
	toggle(7, "records")
	toggle(8, "drift")
}

function keep_row() {
	flip(7, bare(cells[7]) == "KEEP" ? "RESEND" : "KEEP", "wish")
	toggle(8, "needs value")
}

function object_row() {
	if (bare(cells[15]) in verdict) {
		flip(15, verdict[bare(cells[15])], "verdict")
		return
	}
	flip(16, kind[bare(cells[16])], "kind")
}

FNR == 1 {
	measuring = 0
}

/^\tROW\(("|NULL)/ {
	text = $0
	sub(/,$/, "", text)
	cut(text)
	id = bare(cells[1])
	gsub(/ROW\(|"/, "", id)
	print_line(id " away", "")
	if (count == 15)
		field_row()
	else if (count == 19)
		secret_row()
	else if (count == 17)
		object_row()
	else if (bare(cells[5]) in action)
		look_row()
	else
		keep_row()
	next
}

/RENAME_(TWICE|TAKE|HINT|NOTHING) }/ && /^\t\{ "O/ {
	match($0, /RENAME_(TWICE|TAKE|HINT|NOTHING)/)
	value = substr($0, RSTART, RLENGTH)
	line = $0
	sub(value, rename[value], line)
	print_line("rename " value, line)
}

/^\t\{ "R[124]"/ && /REPLACE_/ {
	line = $0
	if (!sub(/REPLACE_CREATE_FIRST/, "REPLACE_DELETE_FIRST", line))
		sub(/REPLACE_DELETE_FIRST/, "REPLACE_CREATE_FIRST", line)
	print_line("replace way", line)
	line = $0
	if (!sub(/false }/, "true }", line))
		sub(/true }/, "false }", line)
	print_line("replace blocked", line)
}

/^\t\{ ".*RULE_(BLOCKS|DESTRUCTIVE),/ {
	line = $0
	sub(/RULE_(BLOCKS|DESTRUCTIVE)/, "0", line)
	print_line("rule " $2, line)
}

/^static void measure_/ {
	measuring = 1
	name = $3
	sub(/\(.*/, "", name)
}

/^}/ {
	measuring = 0
}

measuring && / >=? / {
	line = $0
	if (!sub(/ >= /, " > ", line))
		sub(/ > /, " >= ", line)
	print_line("guard " name, line)
}

measuring && /\|\| sums->/ {
	line = $0
	sub(/\|\| sums->[a-z_]*/, "", line)
	print_line("guard " name " otherwise", line)
}
