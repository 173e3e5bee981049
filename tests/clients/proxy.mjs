// SPDX-License-Identifier: MIT
// A proxy before the sandbox that has read the vendor's OpenAPI document, and
// answers an error of its own when a call or an answer leaves it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync }
	from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { url } from './sandbox.mjs';

const SKIPPED = 77;

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

// The document is the vendor's and not ours to keep. It is looked for in the
// folder $TRUEUP_CONTRACTS, or else in `folder`; without it the test is skipped.
export function findDocument(folder, name) {
	const path = join(process.env.TRUEUP_CONTRACTS || folder, name);

	if (existsSync(path))
		return repair(JSON.parse(readFileSync(path, 'utf8')));
	console.log(`skipped: there is no ${path}; fetch the vendor's OpenAPI` +
		' document and name its folder in TRUEUP_CONTRACTS');
	process.exit(SKIPPED);
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

// Calls body(address of the proxy).
export async function withProxy(document, body) {
	const temporary = mkdtempSync(join(tmpdir(), 'contract-'));
	const path = join(temporary, 'document.json');
	let proxy;

	try {
		writeFileSync(path, JSON.stringify(document));
		proxy = await startProxy(path);
		await body(proxy.address);
	} finally {
		proxy?.child.removeAllListeners('exit');
		proxy?.child.kill();
		rmSync(temporary, { recursive: true });
	}
}
