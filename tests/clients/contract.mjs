// SPDX-License-Identifier: MIT
//
//     contract.mjs CALLS CONTRACTS
//
// Sends documented calls to the sandbox through a validating proxy that has
// read the vendor's OpenAPI document: neither a call of ours nor an answer of
// the sandbox may leave it. CALLS also holds calls and answers that are wrong
// on purpose: who does not catch them does not look.
//
// The document is the vendor's and not ours to keep. It is looked for in the
// folder $TRUEUP_CONTRACTS, or else in CONTRACTS.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync }
	from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { admin, check, key, url } from './sandbox.mjs';

const SKIPPED = 77;
const [callsPath, contracts] = process.argv.slice(2);
const script = JSON.parse(readFileSync(callsPath, 'utf8'));
const folder = process.env.TRUEUP_CONTRACTS || contracts;
const source = join(folder, script.document);

if (!existsSync(source)) {
	console.log(`skipped: there is no ${source}; fetch the vendor's OpenAPI` +
		' document and name its folder in TRUEUP_CONTRACTS');
	process.exit(SKIPPED);
}

// `nullable` without `type` makes the proxy skip whole bodies, silently.
function repair(value) {
	if (Array.isArray(value))
		return value.map(repair);
	if (value === null || typeof value !== 'object')
		return value;

	const entries = Object.entries(value)
		.filter(([name]) => name !== 'nullable' || 'type' in value)
		.map(([name, each]) => [name, repair(each)]);

	return Object.fromEntries(entries);
}

function startProxy(document) {
	const here = dirname(fileURLToPath(import.meta.url));
	const program = join(here, '../node_modules/.bin/prism');
	const child = spawn(process.execPath, [program, 'proxy', '--errors',
		document, url, '--port', '0'],
	{ stdio: ['ignore', 'pipe', 'inherit'] });

	return new Promise((resolve, reject) => {
		createInterface({ input: child.stdout }).on('line', (line) => {
			const [, address] =
				/listening on (http:\S+)/.exec(line) ?? [];

			if (address)
				resolve({ child, address });
		});
		child.on('exit', () => reject(new Error('the proxy ended')));
	});
}

// {NAME} stands for what an earlier call's `keep` took from its answer.
function fill(text, kept) {
	return text.replace(/\{(\w+)\}/g, (_, name) => kept[name]);
}

function pick(value, pointer) {
	return pointer.split('/').slice(1)
		.reduce((part, name) => part?.[name], value);
}

async function send(address, call, kept) {
	const headers = { [script.key.header]: script.key.prefix + key };

	if (call.body !== undefined)
		headers['content-type'] = 'application/json';

	const answer = await fetch(address + fill(call.path, kept), {
		method: call.method,
		headers: { ...headers, ...call.headers },
		body: call.body === undefined ? undefined
			: JSON.stringify(call.body),
	});
	const text = await answer.text();

	return { status: answer.status, text,
		violated: text.includes('stoplight.io/prism/errors') };
}

async function run(address, call, kept) {
	if (call.admin)
		await admin(call.admin.method, fill(call.admin.path, kept),
			call.admin.body);

	const { status, text, violated } = await send(address, call, kept);

	assert.equal(violated, call.caught === true, text);
	if (!call.caught)
		assert.equal(status, call.status, text);
	for (const [name, pointer] of Object.entries(call.keep ?? {})) {
		kept[name] = pick(JSON.parse(text), pointer);
		assert.ok(kept[name], `no ${pointer} in ${text}`);
	}
}

const temporary = mkdtempSync(join(tmpdir(), 'contract-'));
let proxy;

try {
	const document = join(temporary, 'document.json');
	const kept = {};

	writeFileSync(document,
		JSON.stringify(repair(JSON.parse(readFileSync(source, 'utf8')))));
	proxy = await startProxy(document);
	for (const call of script.calls)
		await check(call.name, () => run(proxy.address, call, kept));
	assert.ok(script.calls.some((call) => call.caught));
} finally {
	proxy?.child.removeAllListeners('exit');
	proxy?.child.kill();
	rmSync(temporary, { recursive: true });
}
