// SPDX-License-Identifier: MIT
//
//     contract.mjs CALLS CONTRACTS
//
// Sends documented calls to the sandbox through a validating proxy that has
// read the vendor's OpenAPI document: neither a call of ours nor an answer of
// the sandbox may leave it. CALLS also holds calls and answers that are wrong
// on purpose: who does not catch them does not look.
//
// See proxy.mjs for where the document is looked for.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { findDocument, withProxy } from './proxy.mjs';
import { admin, check, key } from './sandbox.mjs';

const [callsPath, contracts] = process.argv.slice(2);
const script = JSON.parse(readFileSync(callsPath, 'utf8'));
const document = findDocument(contracts, script.document);

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

await withProxy(document, async (address) => {
	const kept = {};

	for (const call of script.calls)
		await check(call.name, () => run(address, call, kept));
	assert.ok(script.calls.some((call) => call.caught));
});
