// SPDX-License-Identifier: MIT
//
//     cases.mjs TRUEUP CASES FOLDER CONTRACTS
//
// The cases that hold on every platform (CASES is tests/dialects), run behind
// the proxy that has read the vendor's document: one call or answer that it
// does not allow, and a case ends otherwise than it must. FOLDER/settings.json
// names, with the reason, those whose calls the vendor's server takes and its
// document does not: they must end otherwise, so that the list can only shrink.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync,
	rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { findDocument, withProxy } from './proxy.mjs';
import { admin, check, key, url } from './sandbox.mjs';

const [trueup, cases, folder, contracts] = process.argv.slice(2);
const dialect = basename(folder);
const settings =
	JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'));
const document = findDocument(contracts, settings.document);
const temporary = mkdtempSync(join(tmpdir(), 'cases-'));
const words = join(temporary, 'words');

for (const path of settings.undocumented ?? []) {
	document.paths[path] = {
		get: { responses: { 200: { description: 'anything' } } },
	};
}

// Answers in which the vendor's server leaves its document, with the reason.
for (const path of Object.keys(settings.loosened ?? {})) {
	for (const method of Object.values(document.paths[path]))
		method.responses = { 200: { description: 'anything' } };
}

for (const pointer of Object.keys(settings.dropped ?? {})) {
	const steps = pointer.split('/').slice(1);
	const last = steps.pop();

	delete steps.reduce((at, step) => at[step], document)[last];
}

// For `cmd`: `short`, `writes`, and the sandbox's admin side.
function putWords() {
	const sandbox = join(words, 'sandbox');

	cpSync(join(cases, 'words'), words, { recursive: true });
	writeFileSync(sandbox, '#!/bin/sh\n' +
		'curl -sS --fail-with-body --noproxy "*" -X "$1" \\\n' +
		'	-H "x-sandbox-admin: $SANDBOX_ADMIN" \\\n' +
		'	-H "content-type: application/json" ${3:+-d "$3"} \\\n' +
		`	"${url}/_sandbox/$2"\n`);
	chmodSync(sandbox, 0o755);
}

function wanted(name) {
	const own = join(cases, name, `stdout.${dialect}`);

	return readFileSync(existsSync(own) ? own : join(cases, name, 'stdout'),
		'utf8');
}

function copyCase(name) {
	const copy = mkdtempSync(join(temporary, `${name}-`));

	cpSync(join(cases, name), copy, { recursive: true });
	for (const file of readdirSync(copy)) {
		const path = join(copy, file);
		const text = readFileSync(path, 'utf8');

		writeFileSync(path, text.replaceAll('@BINDING@', dialect)
			.replaceAll('@PATH@', settings.base));
	}
	return copy;
}

function run(address, name) {
	const { stdout } = spawnSync('sh', ['./cmd'], {
		cwd: copyCase(name),
		encoding: 'utf8',
		env: {
			...process.env,
			PATH: `${dirname(trueup)}:${words}:${process.env.PATH}`,
			TRUEUP_VAR_SANDBOX_URL: address,
			TRUEUP_FINGERPRINT_KEY: '0123456789abcdef'.repeat(4),
			SANDBOX_API_KEY: key,
			CANARY_1: 'a-secret-of-the-case-number-1',
			CANARY_2: 'a-secret-of-the-case-number-2',
			CANARY_3: 'a-secret-of-the-case-number-3',
		},
	});

	return stdout;
}

// Faults are the sandbox's own, and no platform's documents speak of them.
const names = readdirSync(cases)
	.filter((name) => existsSync(join(cases, name, 'cmd')))
	.filter((name) => name !== 'outages');

try {
	putWords();
	await withProxy(document, async (address) => {
		for (const name of names) {
			await admin('PUT', 'store', { environments: {} });
			await check(name, async () => {
				const found = run(address, name);

				if (settings.beyond?.[name])
					assert.notEqual(found, wanted(name),
						'remove it from `beyond`');
				else
					assert.equal(found, wanted(name));
			});
		}
	});
} finally {
	rmSync(temporary, { recursive: true });
}
