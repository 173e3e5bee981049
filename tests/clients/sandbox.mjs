// SPDX-License-Identifier: MIT
// What the clients' tests share: the sandbox's admin side, and a way to insist.
import assert from 'node:assert/strict';

export const url = process.env.SANDBOX_URL;
export const key = process.env.SANDBOX_KEY;

export async function admin(method, path, body) {
	const answer = await fetch(`${url}/_sandbox/${path}`, {
		method,
		headers: { 'x-sandbox-admin': process.env.SANDBOX_ADMIN },
		body: body === undefined ? undefined : JSON.stringify(body),
	});

	assert.equal(answer.status, 200, await answer.clone().text());
	return answer.json();
}

// Every object of the one environment, with its secrets.
export async function stored() {
	const store = await admin('GET', 'store');

	return store.environments.client;
}

export async function check(what, body) {
	try {
		await body();
	} catch (error) {
		console.error(`not ok: ${what}`);
		throw error;
	}
	console.log(`ok: ${what}`);
}
