// SPDX-License-Identifier: MIT
// Composio's own client against the sandbox.
import assert from 'node:assert/strict';

import { Composio } from '@composio/client';

import { admin, check, key, stored, url } from './sandbox.mjs';

const client = new Composio({ apiKey: key, baseURL: url, maxRetries: 0 });
const configs = client.authConfigs;
let id;

await check('create', async () => {
	const made = await configs.create({
		toolkit: { slug: 'github' },
		auth_config: {
			type: 'use_custom_auth',
			authScheme: 'OAUTH2',
			name: 'acme',
			credentials: {
				client_id: 'Iv1.client',
				client_secret: 'first-secret',
				scopes: 'repo,read:user',
			},
		},
	});

	id = made.auth_config.id;
	assert.match(id, /^ac_/);
	assert.equal(made.toolkit.slug, 'github');
	assert.equal(made.auth_config.is_composio_managed, false);
	assert.equal((await stored())[0].credentials.client_secret,
		'first-secret');
});

await check('create, managed', async () => {
	const made = await configs.create({ toolkit: { slug: 'slack' } });

	assert.equal(made.auth_config.is_composio_managed, true);
});

await check('retrieve', async () => {
	const config = await configs.retrieve(id);

	assert.equal(config.name, 'acme');
	assert.equal(config.auth_scheme, 'OAUTH2');
	assert.equal(config.status, 'ENABLED');
	assert.equal(config.credentials.client_id, 'Iv1.client');
	assert.equal(config.credentials.client_secret, 'firs...');
	assert.deepEqual(config.credentials.scopes, ['repo', 'read:user']);
});

await check('list with filters', async () => {
	const page = await configs.list({
		toolkit_slug: 'github',
		is_composio_managed: false,
		limit: 100,
	});

	assert.equal(page.total_items, 1);
	assert.equal(page.items[0].id, id);
	assert.equal(page.next_cursor, null);
});

await check('list in pages', async () => {
	const ids = new Set();
	let cursor;

	do {
		const page = await configs.list({ limit: 1, cursor });

		assert.equal(page.items.length, 1);
		ids.add(page.items[0].id);
		cursor = page.next_cursor ?? undefined;
	} while (cursor);
	assert.equal(ids.size, 2);
});

await check('update', async () => {
	assert.deepEqual(await configs.update(id, {
		type: 'custom',
		name: 'renamed',
		credentials: { client_secret: 'second-secret', scopes: ['repo'] },
	}), {});

	const config = await configs.retrieve(id);
	const [whole] = await stored();

	assert.equal(config.name, 'renamed');
	assert.deepEqual(config.credentials.scopes, ['repo']);
	assert.equal(config.credentials.client_id, 'Iv1.client');
	assert.equal(whole.credentials.client_secret, 'second-secret');
});

await check('disable and enable', async () => {
	await configs.updateStatus('DISABLED', { nanoid: id });
	assert.equal((await configs.retrieve(id)).status, 'DISABLED');
	assert.equal((await configs.list()).total_items, 1);
	assert.equal((await configs.list({ show_disabled: true })).total_items,
		2);
	await configs.updateStatus('ENABLED', { nanoid: id });
	assert.equal((await configs.retrieve(id)).status, 'ENABLED');
});

await check('refusals', async () => {
	await assert.rejects(configs.retrieve('ac_none'), (error) =>
		error.status === 404 && error.error.error.code === 607);
	await assert.rejects(configs.create({
		toolkit: { slug: 'github' },
		auth_config: { type: 'bogus' },
	}), (error) => error.status === 400);

	const stranger = new Composio({
		apiKey: 'none-of-ours', baseURL: url, maxRetries: 0 });

	await assert.rejects(stranger.authConfigs.list(), (error) =>
		error.status === 401);
});

await check('delete', async () => {
	const answer = await configs.delete(id, { revoke_on_delete: true });

	assert.match(answer.revoke_job_id, /^job_/);
	await assert.rejects(configs.delete(id), (error) =>
		error.status === 404);
	assert.equal((await stored()).length, 1);
});

await check('what was sent', async () => {
	const { byMethod } = await admin('GET', 'requests');

	assert.equal(byMethod.PATCH, 3);
	assert.equal(byMethod.PUT, 0);
});
