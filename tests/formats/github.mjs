// SPDX-License-Identifier: MIT
// github.mjs FILE…: reads workflow commands as the runner of GitHub Actions
// does, and holds each line to what we write: an annotation of three types
// with a title and a place, at most ten of each; or a count of ours.
import { readFileSync } from "node:fs";

const types = new Set(["error", "warning", "notice"]);
const names = new Set(["file", "line", "col", "title"]);
const count =
	/^trueup: [0-9]+ (more (error|warning|notice)s?, not annotated|waived)$/;
const unescape = {
	data: [["%0D", "\r"], ["%0A", "\n"], ["%25", "%"]],
	property: [["%0D", "\r"], ["%0A", "\n"], ["%3A", ":"], ["%2C", ","],
		["%25", "%"]],
};

function decode(text, pairs) {
	for (const [from, to] of pairs)
		text = text.replaceAll(from, to);
	return text;
}

// As ActionCommand.TryParseV2: null when the line is no command.
function parse(line) {
	const text = line.trimStart();

	if (!text.startsWith("::"))
		return null;
	const end = text.indexOf("::", 2);
	if (end < 0)
		return null;
	const head = text.slice(2, end);
	const space = head.indexOf(" ");
	const properties = {};
	for (const pair of (space < 0 ? "" : head.slice(space + 1)).split(",")) {
		const [name, ...value] = pair.split("=");
		if (value.length)
			properties[name.trim()] =
				decode(value.join("="), unescape.property);
	}
	return {
		type: space < 0 ? head : head.slice(0, space),
		properties,
		data: decode(text.slice(end + 2), unescape.data),
	};
}

const unseen = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const isPlain = (text) => !unseen.test(text);

function check(line, counts) {
	if (count.test(line))
		return;
	const command = parse(line);
	const properties = command ? Object.keys(command.properties) : [];
	if (!command || !types.has(command.type))
		throw new Error(`not ours: ${line}`);
	counts[command.type] = (counts[command.type] ?? 0) + 1;
	if (counts[command.type] > 10)
		throw new Error(`more than ten: ${line}`);
	if (!properties.every((name) => names.has(name)))
		throw new Error(`a strange property: ${line}`);
	if (!/^(TRUEUP-[0-9]{4}|[a-z0-9-]+)$/.test(command.properties.title))
		throw new Error(`no title: ${line}`);
	if (!/^[1-9][0-9]*$/.test(command.properties.line ?? "1"))
		throw new Error(`no line: ${line}`);
	if (!isPlain(command.data) || !isPlain(command.properties.file ?? ""))
		throw new Error(`control characters: ${line}`);
}

let lines = 0;
for (const file of process.argv.slice(2)) {
	const counts = {};
	const text = readFileSync(file, "utf8");
	for (const line of text.split("\n").slice(0, -1)) {
		check(line, counts);
		lines++;
	}
}
// What the samples hold must have been seen whole.
const sample = process.argv.find((file) => file.endsWith("/mistakes.github"));
const hostile = readFileSync(sample, "utf8").split("\n").map(parse)
	.find((command) => command?.type === "warning");
if (hostile.data !==
	"h\\n::stop-commands::x%0A\\r, line=9::\\u202e[c](http://d)")
	throw new Error(`a text was changed: ${hostile.data}`);
console.log(`formats: ${lines} lines are annotations of GitHub`);
