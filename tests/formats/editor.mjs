// SPDX-License-Identifier: MIT
// editor.mjs SERVER FOLDER: opens FOLDER/prod.yaml in yaml-language-server, as
// an editor does, with the schema that its first line names; and looks at what
// is completed, explained and marked.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [server, folder] = process.argv.slice(2);
const uri = pathToFileURL(`${folder}/prod.yaml`).href;
const child = spawn(process.execPath, [server, "--stdio"], {
	stdio: ["pipe", "pipe", "inherit"],
});
const waiting = new Map(); // requests, by id
const listening = []; // for notifications
let input = Buffer.alloc(0);
let last = 0;

function send(message) {
	const body = JSON.stringify({ jsonrpc: "2.0", ...message });
	const length = Buffer.byteLength(body);

	child.stdin.write(`Content-Length: ${length}\r\n\r\n${body}`);
}

function ask(method, params) {
	const id = ++last;

	send({ id, method, params });
	return new Promise((resolve, reject) =>
		waiting.set(id, { resolve, reject }));
}

const tell = (method, params) => send({ method, params });

function receive(message) {
	if (message.method && message.id !== undefined) {
		// Nothing that the server asks of an editor is needed here.
		send({ id: message.id, result: null });
		return;
	}
	if (message.method) {
		listening.forEach((hear) => hear(message));
		return;
	}
	const { resolve, reject } = waiting.get(message.id);
	waiting.delete(message.id);
	if (message.error)
		reject(new Error(message.error.message));
	else
		resolve(message.result);
}

child.stdout.on("data", (bytes) => {
	input = Buffer.concat([input, bytes]);
	for (;;) {
		const head = input.indexOf("\r\n\r\n");
		if (head < 0)
			return;
		const length = Number(
			/Content-Length: ([0-9]+)/.exec(input.subarray(0, head))[1]);
		if (input.length < head + 4 + length)
			return;
		const body = input.subarray(head + 4, head + 4 + length);
		input = input.subarray(head + 4 + length);
		receive(JSON.parse(body));
	}
});

// ---- the document ----

let text = readFileSync(`${folder}/prod.yaml`, "utf8");
let version = 1;

// What is wrong with the version that was sent last.
function marks() {
	return new Promise((resolve) => {
		const hear = ({ method, params }) => {
			if (method !== "textDocument/publishDiagnostics" ||
				params.uri !== uri)
				return;
			listening.splice(listening.indexOf(hear), 1);
			resolve(params.diagnostics);
		};
		listening.push(hear);
	});
}

function change(to) {
	const result = marks();

	text = to;
	tell("textDocument/didChange", {
		textDocument: { uri, version: ++version },
		contentChanges: [{ text }],
	});
	return result;
}

// Behind the first `words`.
function behind(words) {
	const at = text.indexOf(words) + words.length;
	const lines = text.slice(0, at).split("\n");

	return { line: lines.length - 1, character: lines.at(-1).length };
}

function expect(holds, what, found) {
	if (holds)
		return;
	console.error(`editor: ${what}: ${JSON.stringify(found, null, 1)}`);
	process.exitCode = 1;
}

async function completed(words) {
	const found = await ask("textDocument/completion", {
		textDocument: { uri }, position: behind(words),
	});

	return found.items;
}

async function explained(words) {
	const found = await ask("textDocument/hover", {
		textDocument: { uri }, position: behind(words),
	});

	return found?.contents?.value ?? "";
}

// ---- what an author sees ----

const whole = text;

async function look() {
	await ask("initialize", {
		processId: process.pid, rootUri: null, workspaceFolders: null,
		capabilities: { textDocument: {
			completion: { completionItem: {
				documentationFormat: ["markdown"] } },
			hover: { contentFormat: ["markdown"] },
			publishDiagnostics: {},
		} },
	});
	tell("initialized", {});
	tell("workspace/didChangeConfiguration", { settings: { yaml: {
		validate: true, hover: true, completion: true,
		schemaStore: { enable: false },
	} } });
	let found = marks();
	tell("textDocument/didOpen", { textDocument: {
		uri, languageId: "yaml", version, text,
	} });
	found = await found;
	expect(found.length === 0, "a valid file is marked", found);

	for (const [words, wanted] of [
		["\n    sco", ["scopes", "scopeSets"]],
		["\n      sec", ["secret", "secretVersion"]],
	]) {
		await change(whole.replace("    # HERE\n", words + "\n"));
		const items = await completed(words);
		for (const name of wanted)
			expect(items.some((item) => item.label === name),
				`\`${name}\` is not offered`,
				items.map((item) => item.label));
		const said = items.find((item) => item.label === wanted[0]);
		expect(JSON.stringify(said?.documentation ?? "").length > 20,
			`\`${wanted[0]}\` is offered without words`, said);
	}
	await change(whole);
	for (const [words, wanted] of [
		["    scop", /narrow|scopes|managed/i],
		["  maxDel", /deletes and replacements/],
		["      sec", /secret/i],
		["envi", /Only in the environment file/],
		["    connec", /connector|slug|app/i],
	])
		expect(wanted.test(await explained(words)),
			`\`${words}\` is not explained`, await explained(words));

	for (const [from, to, wanted] of [
		["    scopes:", "    scope:", /scope is not allowed/],
		["maxDeletes: 1", "maxDeletes: many", /Incorrect type/],
		["environment: prod", "environment: Prod", /pattern/],
		["{ env: SLACK_SECRET }", "a-literal-secret", /Incorrect type/],
	]) {
		found = await change(whole.replace(from, to));
		expect(found.some((mark) => wanted.test(mark.message)),
			`\`${to}\` is not marked`, found);
	}
	await ask("shutdown", null);
	tell("exit", null);
}

const late = setTimeout(() => {
	console.error("editor: the server does not answer");
	child.kill();
	process.exit(1);
}, 120000);
await look();
clearTimeout(late);
child.stdin.end();
console.log(process.exitCode ? "editor: not as wanted"
	: "editor: completed, explained and marked as wanted");
