# SPDX-License-Identifier: MIT
# Writes OUT: one byte array a file of NAMES (|-separated, below FOLDER) and
# the sorted table of them, TABLE, with its length, COUNT.
string(REPLACE "|" ";" names "${NAMES}")
list(SORT names)
set(arrays "")
set(rows "")
set(index 0)
foreach(name IN LISTS names)
	file(READ ${FOLDER}/${name} hex HEX)
	string(LENGTH "${hex}" digits)
	math(EXPR length "${digits} / 2")
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
	string(APPEND arrays
		"static const unsigned char file_${index}[] = { ${bytes}0 };\n")
	string(APPEND rows
		"\t{ \"${name}\", (const char *)file_${index}, ${length} },\n")
	math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUT}.new "/* SPDX-License-Identifier: MIT */\n"
	"/* Made by schema/embed.cmake; the last row only ends the table. */\n"
	"#include \"schema/schema.h\"\n\n${arrays}\n"
	"const struct schema_file ${TABLE}[] = {\n${rows}\t{ 0, 0, 0 },\n};\n"
	"const size_t ${COUNT} = ${index};\n")
file(RENAME ${OUT}.new ${OUT})
