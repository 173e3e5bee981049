// SPDX-License-Identifier: MIT
//
//     trueup.mjs TRUEUP FOLDER CONTRACTS
//
// trueup itself behind the proxy that has read the vendor's document: it makes
// the sandbox what FOLDER/first.yaml says, then what second.yaml says. What
// the document does not allow, in either direction, is an error to it. The
// options of settings.json are what the second plan must be allowed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findDocument, withProxy } from './proxy.mjs';
import { admin, check, stored } from './sandbox.mjs';

const [trueup, folder, contracts] = process.argv.slice(2);
const settings =
	JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'));
const document = findDocument(contracts, settings.document);

// What the document has no part about is let through.
for (const path of settings.undocumented ?? []) {
	document.paths[path] = {
		get: { responses: { 200: { description: 'anything' } } },
	};
}

const temporary = mkdtempSync(join(tmpdir(), 'trueup-'));

function run(address, ...words) {
	const { status, stdout, stderr } = spawnSync(trueup, words, {
		cwd: temporary,
		encoding: 'utf8',
		env: {
			...process.env,
			TRUEUP_VAR_URL: address + settings.base,
			TRUEUP_FINGERPRINT_KEY: '0123456789abcdef'.repeat(4),
			SECRET_1: 'secret-of-the-first',
			SECRET_2: 'secret-of-the-second',
			SECRET_3: 'secret-of-the-third',
		},
	});

	assert.equal(status, 0, `${words.join(' ')}\n${stdout}${stderr}`);
	return stdout;
}

async function makeTrue(address, file, ...options) {
	copyFileSync(join(folder, file), join(temporary, 'prod.yaml'));
	run(address, 'apply', '-f', 'prod.yaml', '--yes', ...options);
	assert.match(run(address, 'plan', '-f', 'prod.yaml'),
		/^Plan: no changes, \d+ unchanged\.$/m);
}

// What went wrong on the way may have been tried again. That what was deleted
// is gone is seen by a read, too.
async function assertNoRefusals() {
	const { list } = await admin('GET', 'requests');
	const refused = list.filter(({ method, status }) => status >= 400 &&
		!(method === 'GET' && status === 404));

	assert.deepEqual(refused, []);
}

try {
	await withProxy(document, async (address) => {
		await check('create', async () => {
			await makeTrue(address, 'first.yaml', '--init-ledger');
			assert.equal((await stored()).length, 3);
		});
		await check('update, enable, rotate and delete', async () => {
			await makeTrue(address, 'second.yaml', '--prune',
				...settings.options ?? []);

			const text = JSON.stringify(await stored());

			assert.equal((await stored()).length, 2);
			assert.match(text, /secret-of-the-third/);
			assert.doesNotMatch(text, /secret-of-the-first/);
		});
		await check('nothing was refused', assertNoRefusals);
	});
} finally {
	rmSync(temporary, { recursive: true });
}
