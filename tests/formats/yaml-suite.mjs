// SPDX-License-Identifier: MIT
// yaml-suite.mjs SUITE TREES LIST FOLDER: every case of the suite through our
// loader. What has a JSON tree must give it, what is no YAML must be refused;
// but for the ids of LIST, which must not be right, so that it only shrinks.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { pathToFileURL } from "node:url";

const [suite, trees, list, folder] = process.argv.slice(2);
const { default: files } = await import(pathToFileURL(suite).href);
const cases = files.flatMap(({ id, cases }) =>
	cases.map((one, index) => ({
		...one,
		id: cases.length > 1
			? `${id}-${String(index).padStart(2, "0")}` : id,
	})));

// Lines `ID reason`.
const listed = new Map(readFileSync(list, "utf8").split("\n")
	.filter((line) => line && !line.startsWith("#"))
	.map((line) => [line.split(" ")[0], line.slice(line.indexOf(" ") + 1)]));

mkdirSync(folder, { recursive: true });
for (const { id, yaml } of cases)
	writeFileSync(`${folder}/${id}`, yaml);
const lines = execFileSync(trees, [folder, ...cases.map(({ id }) => id)], {
	encoding: "utf8", maxBuffer: 1 << 26, timeout: 120000,
	stdio: ["ignore", "pipe", "inherit"],
}).split("\n");

// The suite's JSON: one tree, or null when there are none or several.
function wanted({ json }) {
	try {
		return { tree: JSON.parse(json) };
	} catch {
		return null;
	}
}

// true, false; null: the suite has no tree that ours could be equal to.
function judge(one, found) {
	if (one.fail)
		return found.startsWith("!");
	if (typeof one.json !== "string")
		return null;
	const want = wanted(one);
	if (!want)
		return false;
	return !found.startsWith("!") &&
		isDeepStrictEqual(JSON.parse(found), want.tree);
}

const counts = { right: 0, listed: 0, tried: 0 };
const known = new Set(cases.map(({ id }) => id));
let wrong = 0;

function complain(words) {
	console.error(`yaml-suite: ${words}`);
	wrong++;
}

cases.forEach((one, index) => {
	const right = judge(one, lines[index]);

	if (right === null) {
		counts.tried++;
	} else if (right && listed.has(one.id)) {
		complain(`${one.id} is right: take it off the list`);
	} else if (!right && !listed.has(one.id)) {
		complain(`${one.id} (${one.name}): ${lines[index]}, not ` +
			`${one.fail ? "refused" : one.json}`);
	} else {
		counts[right ? "right" : "listed"]++;
	}
});
for (const [id, reason] of listed) {
	if (!known.has(id) || !reason)
		complain(`the list has ${id}, which is no case or has no reason`);
}
if (cases.length !== 402 || lines.length !== cases.length + 1)
	complain(`${cases.length} cases gave ${lines.length - 1} lines`);
console.log(`yaml-suite: ${cases.length} cases: ${counts.right} right, ` +
	`${counts.listed} on the list, ${counts.tried} without a tree to ` +
	"compare, no crash");
process.exit(wrong ? 1 : 0);
