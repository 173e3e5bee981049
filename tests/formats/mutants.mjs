// SPDX-License-Identifier: MIT
// mutants.mjs MODULES JUDGE SCHEMA COUNT SEED: files made from the schema, most
// of them with a mistake or three, judged by our shape check and by ajv. Each
// must be right for both or wrong for both.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, judge, file, count, seed] = process.argv.slice(2);
const Ajv = createRequire(`${modules}/x.js`)("ajv").default;
const schema = JSON.parse(readFileSync(file, "utf8"));

// ---- chance, the same for each seed (mulberry32) ----

let state = Number(seed) >>> 0;

function chance() {
	state = (state + 0x6d2b79f5) >>> 0;
	let t = Math.imul(state ^ (state >>> 15), state | 1);
	t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const below = (n) => Math.floor(chance() * n);
const pick = (list) => list[below(list.length)];

// ---- files of the schema ----

const keys = ["slack-crm", "a", "0", "github-issues-2", "x".repeat(63)];

function resolve(node) {
	while (node?.$ref)
		node = schema.definitions[node.$ref.split("/").at(-1)];
	return node;
}

// Neither forbidden here nor without effect.
function isBuilt(node) {
	return resolve(node) !== false && !("x-unbuilt" in resolve(node)) &&
		Object.values(node.properties ?? {}).every((member) =>
			!node.required?.some((name) =>
				node.properties[name] === member) ||
			isBuilt(member));
}

function makeObject(node) {
	const made = {};
	const required = node.required ?? [];

	for (const [name, member] of Object.entries(node.properties ?? {})) {
		// Entries need it, unless the defaults have it.
		const often = name === "connector" ? 0.97 : 0.4;

		if (!isBuilt(member) ||
			Object.keys(made).length === node.maxProperties)
			continue;
		if (required.includes(name) || chance() < often)
			made[name] = make(member);
	}
	if (Object.keys(made).length < (node.minProperties ?? 0))
		return structuredClone(pick(node.examples));
	if (typeof node.additionalProperties === "object") {
		const names = (chance() < 0.9 &&
			resolve(node.propertyNames ?? {}).examples) || keys;
		const most = Math.min(node.maxProperties ?? 4, 4);

		for (let n = below(most); n > 0; n--)
			made[pick(names)] = make(node.additionalProperties);
	}
	return made;
}

function make(node) {
	node = resolve(node);
	if (node.const !== undefined)
		return node.const;
	if (node.enum)
		return pick(node.enum);
	const options = node.oneOf ?? node.anyOf;
	if (options)
		return make(pick(options.filter(isBuilt)));
	if (node.type === "object" && (node.properties ||
		node.additionalProperties) && chance() < 0.9)
		return makeObject(node);
	if (node.type === "array" && chance() < 0.7) {
		const items = Array.from({ length: below(4) }, () =>
			make(node.items ?? {}));
		return node.uniqueItems ? [...new Set(items)] : items;
	}
	if (node.type === "boolean")
		return chance() < 0.5;
	if (node.type === "integer" && chance() < 0.5)
		return Math.min((node.minimum ?? 0) + below(100),
			node.maximum ?? 1000);
	return structuredClone(pick(node.examples ?? ["text"]));
}

// ---- mistakes ----

const others = [null, true, false, 0, 1, -1, 1.5, 1e9, 1e21, "", " ", "text",
	"a b", "Prod", "0123", "none", "managed", "file", "${env:X}", "é",
	"\u{1f600}", "x".repeat(63), "x".repeat(64), "x".repeat(600),
	"https://a.example",
	"http:", [], [""], ["a", "a"], [1], {}, { env: "X" }, { file: "x" },
	{ env: "X", file: "x" }, { a: 1 }];
const names = ["scope", "extends", "trueup", "client", "A", "x y", "",
	"x".repeat(63), "x".repeat(64), "env", "é", "-a", "connector", "~",
	"ref", "rules"];

// All [container, key] below a value.
function spots(value) {
	if (typeof value !== "object" || value === null)
		return [];
	return Object.keys(value).flatMap((key) =>
		[[value, key], ...spots(value[key])]);
}

const mistakes = [
	// another value
	([container, key]) => { container[key] = structuredClone(pick(others)); },
	// a key or item that is not there
	([container, key]) => {
		if (Array.isArray(container))
			container.splice(Number(key), 1);
		else
			delete container[key];
	},
	// a key too many, or an item twice
	([container, key]) => {
		if (Array.isArray(container))
			container.push(structuredClone(container[key]));
		else
			container[pick(names)] = structuredClone(pick(others));
	},
	// another key
	([container, key]) => {
		const value = container[key];

		if (Array.isArray(container))
			return;
		delete container[key];
		container[chance() < 0.5 ? `${key}s` : pick(names)] = value;
	},
	// a value a little beside
	([container, key]) => {
		const value = container[key];

		if (typeof value === "string")
			container[key] = pick([`${value} `, value.toUpperCase(),
				value.slice(1), `${value}\n`, [value]]);
		else if (typeof value === "number")
			container[key] = pick([-value, value + 0.5, `${value}`,
				value * 1000]);
		else if (typeof value === "boolean")
			container[key] = pick([`${value}`, Number(value)]);
		else
			container[key] = pick([[value], { a: value }]);
	},
];

function document() {
	const made = makeObject(schema);

	for (let n = pick([0, 0, 1, 1, 2, 3]); n > 0; n--) {
		const all = spots(made);

		if (all.length)
			pick(mistakes)(pick(all));
	}
	return made;
}

// ---- two judges ----

// What is of the format, but has no effect yet, is refused.
function refuseUnbuilt(node) {
	if (Array.isArray(node))
		return node.map(refuseUnbuilt);
	if (typeof node !== "object" || node === null)
		return node;
	if (typeof node["x-unbuilt"] === "string")
		return false;
	return Object.fromEntries(Object.entries(node).map(([key, value]) =>
		[key, key === "examples" ? value : refuseUnbuilt(value)]));
}

const ajv = new Ajv({ strict: false, allErrors: false });
const validate = ajv.compile(refuseUnbuilt(schema));
const documents = [];
const seen = new Set();

while (documents.length < Number(count)) {
	const text = JSON.stringify(document());

	if (!seen.has(text))
		documents.push(text);
	seen.add(text);
}
const verdicts = execFileSync(judge, ["config.schema.json"], {
	input: documents.join("\n") + "\n", encoding: "utf8",
	maxBuffer: 1 << 28, timeout: 240000,
	stdio: ["pipe", "pipe", "inherit"],
}).trimEnd().split("\n");
const counts = { valid: 0, wrong: 0, apart: 0 };
const codes = new Set();

documents.forEach((text, index) => {
	const ours = verdicts[index] === "valid";
	const theirs = validate(JSON.parse(text));

	counts[theirs ? "valid" : "wrong"]++;
	if (!ours)
		verdicts[index].split(" ").forEach((code) => codes.add(code));
	if (ours === theirs)
		return;
	if (++counts.apart <= 10)
		console.error(`mutants: ${verdicts[index]} here, ajv: ` +
			`${ajv.errorsText(validate.errors)}\n  ${text}`);
});
console.log(`mutants: seed ${seed}: ${documents.length} files, ` +
	`${counts.valid} valid, ${counts.wrong} not, ${counts.apart} judged ` +
	`apart; our codes: ${[...codes].sort().join(" ")}`);
if (verdicts.length !== documents.length || counts.apart ||
	counts.valid < documents.length / 5 ||
	counts.wrong < documents.length / 5 || codes.size < 5)
	process.exit(1);
