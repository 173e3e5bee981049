// SPDX-License-Identifier: MIT
// Servers that answer what no OAuth server should: nothing of it is taken for
// an answer, and the secret goes nowhere but to the token endpoint, once.
import assert from "node:assert/strict";
import { CALLBACK, SECRET, each, expect, listen, probe, requests, sentNowhere,
	sentOnceTo, strict, trueup, world } from "./world.mjs";

let token, authorize; // (request, body, response)
const main = await listen("main", (request, body, response) =>
	(request.url === "/token" ? token : authorize)(request, body, response));
const other = await listen("other", (request, body, response) =>
	response.end("{\"error\":\"invalid_grant\"}"));

const say = (status, body, headers = {}) => (request, got, response) => {
	response.writeHead(status, headers);
	response.end(body);
};
const json = (status, body) => say(status, JSON.stringify(body),
	{ "content-type": "application/json" });
const back = (parameters) => say(303, "",
	{ location: `${CALLBACK}?${parameters}` });

const hosts = [main.url];
async function tried(answers, verdicts, exit, options = {}) {
	token = answers.token ?? json(400, { error: "invalid_grant" });
	authorize = answers.authorize ?? back("error=login_required");
	const where = world(strict(main.url, answers.profile), { id: "one" });
	const got = await probe(where, { hosts, ...options });
	expect(got, verdicts, exit);
	sentOnceTo("main", "/token");
	assert.equal(requests.length, 2, "each endpoint is asked once");
	return got;
}
const unsure = ["inconclusive", "registered", "inconclusive"];

await each({
	"200 with an error body": () => tried({
		token: json(200, { ok: false, error: "bad_client_secret" }),
		profile: { rows: ["{ verdict: secret-rejected, when: { ok: false, "
			+ "error: bad_client_secret }, source: own }"] },
	}, ["rejected", "registered", "inconclusive"], 3),
	"a token for a made-up code": () => tried({
		token: json(200, { access_token: "t" }) }, unsure, 0),
	"500 with a listed error": () => tried({
		token: json(500, { error: "invalid_client" }) }, unsure, 0),
	"503 of a page": () => tried({ token: say(503, "<html>") }, unsure, 0),
	"HTML": () => tried({ token: say(200, "<html>invalid_client</html>",
		{ "content-type": "text/html" }) }, unsure, 0),
	"429 is not tried again": () => tried({
		token: say(429, "", { "retry-after": "0" }) }, unsure, 0),
	"no JSON at all": () => tried({ token: say(400, "\0\xff") }, unsure, 0),
	"an error that nobody listed": async () => {
		const got = await tried({ token: json(400, { error: "odd_one" }) },
			unsure, 0);
		assert.match(got.credentials.evidence, /`odd_one`.*does not list/);
	},
	"the request comes back in the answer": () => tried({
		token: (request, body, response) => json(400, {
			error: new URLSearchParams(body).get("client_secret"),
			error_description: body,
		})(request, body, response),
	}, unsure, 0),
	"the request comes back in a header": () => tried({
		token: (request, body, response) => say(302, body, {
			location: `${other.url}/?${body}`,
		})(request, body, response),
	}, unsure, 0),
	"a redirect to another host is not followed": async () => {
		const got = await tried({ token: say(307, "",
			{ location: `${other.url}/token` }) }, unsure, 0);
		assert.match(got.credentials.evidence, /not followed/);
	},
	"nor is one to the same": () => tried({ token: say(308, "",
		{ location: "/again" }) }, unsure, 0),
	"no answer": () => tried({ token: () => {} }, unsure, 0,
		{ words: ["--timeout", "1"] }),
	"the connection breaks": () => tried({
		token: (request, body, response) => response.socket.destroy(),
	}, unsure, 0),
	"an answer without an end": () => tried({
		token: (request, body, response) => {
			response.writeHead(200, { "content-length": 9 });
			response.end("{}");
			response.socket.end();
		},
	}, unsure, 0),
	"an answer that is too large": () => tried({
		token: say(400, " ".repeat(2 << 20) + "{\"error\":\"invalid_client\"}"),
	}, unsure, 0),
	"suspended": () => tried({ authorize: back("error=application_suspended"),
	}, ["accepted", "suspended", "inconclusive"], 3),
	"the login page says nothing": () => tried({
		authorize: say(302, "", { location: "/login" }),
	}, ["accepted", "inconclusive", "inconclusive"], 0),
	"the authorization endpoint leads to another host": () => tried({
		authorize: say(302, "", { location: `${other.url}/login` }),
	}, ["accepted", "inconclusive", "inconclusive"], 0),
	"500 with a listed page": () => tried({
		authorize: say(500, "invalid_redirect_uri"),
	}, ["accepted", "inconclusive", "inconclusive"], 0),
	"a callback on another host": () => tried({
		authorize: say(302, "", { location:
			"https://app.example.com.evil.test/cb?error=login_required" }),
	}, ["accepted", "inconclusive", "inconclusive"], 0),
	"no authorization endpoint any more": () => tried({
		authorize: say(404, "Not Found"),
	}, ["accepted", "inconclusive", "inconclusive"], 0),
	"what cannot be told, strictly": async () => {
		const got = await tried({ token: say(404, "") }, unsure, 3,
			{ words: ["--strict"] });
		assert.match(got.stderr, /TRUEUP-9033/);
	},

	// Names and numbers that lead to this machine, with a server behind them.
	...Object.fromEntries(["evil.localhost", "2130706433", "127.1",
		"0.0.0.0", "[::ffff:127.0.0.1]", "127.0.0.2"].map((host) => [
		`https://${host} is a private address`, async () => {
			const origin = `https://${host}:${main.port}`;
			const got = await probe(world(strict(origin), { id: "one" }),
				{ hosts: [origin] });
			expect(got, ["inconclusive", "inconclusive",
				"inconclusive"], 0);
			assert.match(got.credentials.evidence, /not a public one/);
			assert.deepEqual(requests, []);
			sentNowhere();
		}])),
	...Object.fromEntries(["10.0.0.1", "169.254.169.254", "192.168.0.1",
		"[fd00::1]"].map((host) => [`https://${host} is not contacted`,
		async () => {
			const origin = `https://${host}`;
			const got = await probe(world(strict(origin), { id: "one" }),
				{ hosts: [host] });
			expect(got, ["inconclusive", "inconclusive",
				"inconclusive"], 0);
			assert.match(got.credentials.evidence, /not a public one/);
		}])),
	"http to another machine is refused": async () => {
		const got = await probe(world(strict("http://example.com"),
			{ id: "one" }), { hosts: ["http://example.com"] });
		assert.equal(got.exit, 1);
		sentNowhere();
	},
	"a profile inside the root is refused": async () => {
		const where = world(strict(main.url), { id: "one" });
		const got = await trueup(where, "probe", "--profile",
			"../acme.yaml", "--root", "..", "--allow-host", main.url,
			"--yes");
		assert.equal(got.exit, 1);
		sentNowhere();
	},
	"a secret that is not there": async () => {
		const where = world(strict(main.url), { id: "one", secret: "" });
		authorize = back("error=login_required");
		const got = await probe(where, { hosts });
		assert.equal(got.exit, 1, got.stderr); // an empty one is none
		assert.deepEqual(requests, []);
	},
	"SECRET is what is searched for": () =>
		assert.ok(SECRET.length > 16 && encodeURIComponent(SECRET) !== SECRET),
});
