# SPDX-License-Identifier: MIT
# Without `change`: `FILE LINE KIND` for each line that can be changed. With it:
# the file, with line `at` changed by `kind`.

function turned(text, kind,    from, to) {
	split(kinds[kind], parts, "\t")
	from = parts[1]
	to = parts[2]
	if (!match(text, from))
		return text
	return substr(text, 1, RSTART - 1) to substr(text, RSTART + RLENGTH)
}

BEGIN {
	kinds["equal"] = " == \t != "
	kinds["unequal"] = " != \t == "
	kinds["less"] = " < \t <= "
	kinds["more"] = " > \t >= "
	kinds["and"] = " && \t || "
	kinds["or"] = " [|][|] \t && "
	kinds["not"] = "if [(]!\tif ("
	kinds["if"] = "if [(]([^!])\tif (!("
	kinds["true"] = "return true;\treturn false;"
	kinds["false"] = "return false;\treturn true;"
	kinds["zero"] = "return 0;\treturn -1;"
	kinds["plus"] = " [+] 1\t + 0"
	kinds["null"] = "return NULL;\tabort();"
	kinds["call"] = "^\t+[a-z_]+[(][^;={}]*[)];$\t\t;"
	delete kinds["if"]
	delete kinds["null"]
}

# Comments and tables are no code that decides.
!change && /^[\t ]*(\/\*|\*|\/\/)/ { next }

!change {
	for (kind in kinds) {
		split(kinds[kind], parts, "\t")
		from = kind == "call" ? "^\t+[a-z_]+[(][^;={}]*[)];$" : parts[1]
		if (/assert|free[(]|_release[(]|bzero/ && kind == "call")
			continue
		if ($0 ~ from)
			print FILENAME, FNR, kind
	}
	next
}

FNR == at && kind == "call" { print "\t;"; next }
FNR == at { print turned($0, kind); next }
{ print }
