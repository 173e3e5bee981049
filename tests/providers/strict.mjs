// SPDX-License-Identifier: MIT
// A real OAuth server, which is exact in redirects and scopes and looks at the
// client first: what it answers to each mistake.
import assert from "node:assert/strict";
import { Provider } from "oidc-provider";
import { CALLBACK, SECRET, each, expect, listen, probe, sentNowhere,
	sentOnceTo, strict, trueup, world } from "./world.mjs";

console.warn = () => {};
const client = (id, method) => ({
	client_id: id, client_secret: SECRET, redirect_uris: [CALLBACK],
	grant_types: ["authorization_code"], response_types: ["code"],
	scope: "openid read", token_endpoint_auth_method: method,
});
let callback;
const { url } = await listen("provider", (request, body, response) => {
	request.body = body; // it was read already
	callback(request, response);
});
callback = new Provider(url, {
	clients: [client("post", "client_secret_post"),
		client("basic", "client_secret_basic")],
	scopes: ["openid", "read", "admin"],
	features: { devInteractions: { enabled: false } },
	interactions: { url: () => "/login" },
	pkce: { required: () => false },
}).callback();

const hosts = [url];
const post = (app, more) => world(strict(url, more), { id: "post", ...app });
const tried = async (where, verdicts, exit, options = {}) => {
	const got = await probe(where, { hosts, ...options });
	expect(got, verdicts, exit);
	if (where.app.secret === undefined)
		sentOnceTo("provider", "/token");
	return got;
};

await each({
	"all right, in the body": async () => {
		const got = await tried(post(), ["accepted", "registered",
			"inconclusive"], 0);
		assert.match(got.stderr, /POST http:.*\n.*client secret/);
		assert.match(got.credentials.evidence, /^HTTP 400, `error`/);
	},
	"all right, by Basic": async () => {
		await tried(world(strict(url, { authentication: "basic" }),
			{ id: "basic" }), ["accepted", "registered",
			"inconclusive"], 0);
	},
	"the other way than registered": async () => {
		await tried(post({}, { authentication: "basic" }),
			["accepted", "registered", "inconclusive"], 0);
	},
	"not known that the client is looked at first": async () => {
		const got = await tried(post({}, { first: false }),
			["inconclusive", "registered", "inconclusive"], 0);
		assert.match(got.credentials.evidence, /probably accepted/);
		await tried(post({}, { first: false }), ["inconclusive",
			"registered", "inconclusive"], 3, { words: ["--strict"] });
	},
	"wrong secret": async () => {
		const got = await tried(post({ secret: "another-secret-of-16" }),
			["rejected", "registered", "inconclusive"], 3);
		assert.match(got.stderr, /TRUEUP-9032/);
		assert.match(got.credentials.advice, /copy/);
	},
	"wrong secret, by Basic": async () => {
		await tried(world(strict(url, { authentication: "basic" }),
			{ id: "basic", secret: "another-secret-of-16" }),
			["rejected", "registered", "inconclusive"], 3);
	},
	"unknown client": async () => {
		await tried(post({ id: "nobody" }), ["rejected", "inconclusive",
			"inconclusive"], 3);
	},
	"unregistered redirect": async () => {
		await tried(post({ redirect: "https://app.example.com/other" }),
			["accepted", "mismatch", "inconclusive"], 3);
	},
	"one slash too many": async () => {
		await tried(post({ redirect: `${CALLBACK}/` }), ["accepted",
			"mismatch", "inconclusive"], 3);
	},
	"a scope that the app may not have": async () => {
		await tried(post({ scopes: ["openid", "admin"] }), ["accepted",
			"registered", "refused"], 3);
	},
	"a scope that does not exist is ignored": async () => {
		await tried(post({ scopes: ["openid", "nonsense"] }), ["accepted",
			"registered", "inconclusive"], 0);
	},
	"nobody agreed": async () => {
		const got = await probe(post(), { hosts, yes: false });
		assert.equal(got.exit, 64);
		assert.match(got.stderr, /Would be sent/);
		sentNowhere();
	},
	"a host that nobody allowed": async () => {
		const got = await probe(post(), { hosts: ["127.0.0.1:1"] });
		assert.equal(got.exit, 4);
		assert.match(got.stderr, /TRUEUP-9031/);
		sentNowhere();
	},
	"the verdicts stand in the ledger": async () => {
		const where = post({ redirect: `${CALLBACK}/` });
		const made = await trueup(where, "record", "acme-crm", "--id",
			"67a37f29e0aa276e50d7253a", "--init-ledger");
		assert.equal(made.exit, 0, made.stderr);
		await probe(where, { hosts });
		const status = JSON.parse((await trueup(where, "status",
			"--format", "json")).stdout);
		assert.deepEqual(status.auth_configs[0].probed.map(
			({ part, verdict, outdated }) => [part, verdict, outdated]),
			[["credentials", "accepted", false],
				["redirect", "mismatch", false],
				["scopes", "inconclusive", false]]);
		const text = await trueup(where, "status");
		assert.match(text.stdout, /redirect mismatch 20\d\d-/);
		const plan = await trueup(where, "plan");
		assert.match(plan.stdout, /Probed at the providers\n  acme-crm  /);
	},
});
