// SPDX-License-Identifier: MIT
// Nango's own client against the sandbox.
import assert from 'node:assert/strict';

import { Nango } from '@nangohq/node';

import { admin, check, key, stored, url } from './sandbox.mjs';

const client = new Nango({ host: url, secretKey: key });
const uniqueKey = 'acme-github';
const include = ['credentials'];

// What the client throws is axios's, with the whole answer in it.
async function refused(promise) {
	try {
		await promise;
	} catch (error) {
		return { status: error.response.status, ...error.response.data.error };
	}
	assert.fail('it was not refused');
}

await check('create', async () => {
	const { data } = await client.createIntegration({
		provider: 'github',
		unique_key: uniqueKey,
		display_name: 'Acme GitHub',
		credentials: {
			type: 'OAUTH2',
			client_id: 'Iv1.client',
			client_secret: 'first-secret',
			scopes: 'repo,read:user',
		},
	});

	assert.equal(data.unique_key, uniqueKey);
	assert.equal(data.display_name, 'Acme GitHub');
	assert.equal(data.credentials, undefined);
	assert.equal((await stored())[0].credentials.client_secret,
		'first-secret');
});

await check('create without credentials', async () => {
	const { data } = await client.createIntegration({
		provider: 'algolia',
		unique_key: 'acme-algolia',
	});

	assert.equal(data.display_name, 'Algolia');
});

await check('list', async () => {
	const { configs } = await client.listIntegrations();

	assert.deepEqual(configs.map((config) => config.unique_key),
		['acme-algolia', uniqueKey]);
	assert.ok(configs.every((config) => !('credentials' in config)));
});

await check('get', async () => {
	const { data } = await client.getIntegration({ uniqueKey }, { include });
	const bare = await client.getIntegration({ uniqueKey });

	assert.deepEqual(data.credentials, {
		type: 'OAUTH2',
		client_id: 'Iv1.client',
		client_secret: 'first-secret',
		scopes: 'repo,read:user',
		webhook_secret: null,
	});
	assert.equal(bare.data.credentials, undefined);
});

// Of several words to include this client sends the last one.
await check('get the webhook address', async () => {
	const { data } = await client.getIntegration({ uniqueKey },
		{ include: ['webhook'] });

	assert.equal(data.webhook_url, null);
});

await check('get what has no credentials', async () => {
	const { data } = await client.getIntegration(
		{ uniqueKey: 'acme-algolia' }, { include });

	assert.equal(data.credentials, null);
});

await check('update', async () => {
	const { data } = await client.updateIntegration({ uniqueKey }, {
		display_name: 'Renamed',
		credentials: {
			type: 'OAUTH2',
			client_id: 'Iv1.client',
			client_secret: 'second-secret',
			scopes: 'repo',
		},
	});
	const after = await client.getIntegration({ uniqueKey }, { include });

	assert.equal(data.display_name, 'Renamed');
	assert.equal(after.data.credentials.client_secret, 'second-secret');
	assert.equal(after.data.credentials.scopes, 'repo');
});

await check('connections', async () => {
	await admin('PATCH', `objects/${uniqueKey}`, { connections: 3 });

	const all = await client.listConnections();
	const one = await client.listConnections({ integrationId: uniqueKey });
	const none = await client.listConnections(
		{ integrationId: 'acme-algolia' });

	assert.equal(all.connections.length, 3);
	assert.equal(one.connections.length, 3);
	assert.equal(one.connections[0].provider_config_key, uniqueKey);
	assert.equal(none.connections.length, 0);
});

await check('refusals', async () => {
	const github = { provider: 'github', unique_key: 'other' };
	const credentials = { type: 'OAUTH2', client_id: 'c',
		client_secret: 's' };
	const twice = await refused(client.createIntegration(
		{ ...github, unique_key: uniqueKey, credentials }));
	const spaces = await refused(client.createIntegration({ ...github,
		credentials: { ...credentials, scopes: 'repo, user' } }));
	const missing = await refused(client.createIntegration(github));
	const renamed = await refused(client.updateIntegration({ uniqueKey },
		{ unique_key: 'other' }));
	const unknown = await refused(client.getIntegration(
		{ uniqueKey: 'nope' }));

	assert.equal(twice.status, 400);
	assert.equal(twice.errors[0].message, 'Unique key already exists');
	assert.equal(spaces.errors[0].code, 'invalid_union');
	assert.equal(missing.message, 'Missing credentials');
	assert.equal(renamed.message,
		'Can\'t rename an integration with active connections');
	assert.equal(unknown.status, 404);
});

await check('a key that is not known', async () => {
	const stranger = new Nango({ host: url,
		secretKey: '00000000-0000-4000-8000-000000000000' });
	const { status, code } = await refused(stranger.listIntegrations());

	assert.equal(status, 401);
	assert.equal(code, 'unknown_account');
});

await check('delete', async () => {
	const answer = await client.deleteIntegration(uniqueKey);

	// The client gives the whole answer of its transport here.
	assert.equal(answer.status, 200);
	assert.deepEqual(answer.data, { success: true });
	assert.equal((await refused(client.deleteIntegration(uniqueKey)))
		.status, 404);
	assert.equal((await client.listConnections()).connections.length, 0);
	assert.equal((await stored()).length, 1);
});

await check('what was sent', async () => {
	const { byMethod } = await admin('GET', 'requests');

	assert.equal(byMethod.PATCH, 2);
	assert.equal(byMethod.PUT, 0);
});
