// SPDX-License-Identifier: MIT
// A folder, a profile and trueup, for probes; every request that any server here
// gets is kept, and a secret is searched for in all of them and in all output.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, statSync,
	writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";

const [build, folder] = process.argv.slice(2);

export const SECRET = "canary/probe+\"q&<zR7kW9vX2pL4mN8==";
export const CALLBACK = "https://app.example.com/cb";
export const requests = []; // { server, method, url, headers, body }

// A server that keeps what it gets. `serve(request, body, response)` answers.
export function listen(name, serve) {
	return new Promise((resolve) => {
		const server = http.createServer((request, response) => {
			const pieces = [];
			request.on("data", (piece) => pieces.push(piece));
			request.on("end", () => {
				const body = Buffer.concat(pieces).toString();
				requests.push({ server: name, method: request.method,
					url: request.url, headers: request.headers,
					body });
				serve(request, body, response);
			});
		});
		server.listen(0, "127.0.0.1", () => resolve({
			server,
			port: server.address().port,
			url: `http://127.0.0.1:${server.address().port}`,
		}));
	});
}

// ---- the secret, in each form that something sent or printed may have it ----
const forms = (text) => {
	const escaped = encodeURIComponent(text).replace(/[!'()*]/g,
		(c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
	return [text, escaped, JSON.stringify(text).slice(1, -1),
		Buffer.from(text).toString("hex")];
};
const decoded = (request) => {
	const basic = /^Basic (.*)$/.exec(request.headers.authorization ?? "");
	return [request.url, request.body, JSON.stringify(request.headers),
		basic ? Buffer.from(basic[1], "base64").toString() : ""];
};
const holds = (text) => forms(SECRET).some((form) => text.includes(form));

export const carriers = () =>
	requests.filter((request) => decoded(request).some(holds));

function files(at) {
	return readdirSync(at).flatMap((name) => {
		const path = join(at, name);
		return statSync(path).isDirectory() ? files(path) : [path];
	});
}

// ---- files ----
export const strict = (origin, more = {}) => ({
	authorization: `${origin}/auth`,
	token: `${origin}/token`,
	authentication: "form",
	first: true,
	rows: [
		`{ verdict: client-rejected, when: { error: invalid_client }, source: own }`,
		`{ verdict: code-rejected, when: { error: invalid_grant }, source: own }`,
	],
	redirects: [
		`{ verdict: registered, callback: true, error: login_required, source: own }`,
		`{ verdict: scopes-refused, callback: true, error: invalid_scope, source: own }`,
		`{ verdict: suspended, error: application_suspended, source: own }`,
		`{ verdict: mismatch, page: "invalid_redirect_uri", source: own }`,
		`{ verdict: client-unknown, page: "invalid_client", source: own }`,
	],
	...more,
});

const profile = (of) => `profile: 1
connector: acme
title: Acme
sources: { own: { url: "https://example.com/", read: "2026-11-27" } }
endpoints:
  authorization: { value: "${of.authorization}", source: own }
  token: { value: "${of.token}", source: own }
clientAuthentication: { value: ${of.authentication}, source: own }
probe:
  credentials:
${of.body ? `    body: { value: ${of.body}, source: own }\n` : ""}${
	of.first ? "    checksClientFirst: { source: own }\n" : ""
}    answers:
${of.rows.map((row) => `      - ${row}\n`).join("")}  redirect:
    parameters: { prompt: none }
    answers:
${of.redirects.map((row) => `      - ${row}\n`).join("")}`;

const environment = (app) => `trueup: 1
environment: prod
platform: { binding: alloy, apiKey: { env: UNUSED } }
authConfigs:
  acme-crm:
    connector: acme
    client:
      id: "${app.id}"
      secret: { env: PROBE_SECRET }
${app.version ? `      secretVersion: "${app.version}"\n` : ""}    scopes: [${
	(app.scopes ?? ["openid", "read"]).join(", ")}]
    redirectUri: "${app.redirect ?? CALLBACK}"
`;

export function world(of, app) {
	const at = mkdtempSync(join(folder, "world."));
	mkdirSync(join(at, "config"));
	mkdirSync(join(at, "home"));
	writeFileSync(join(at, "acme.yaml"), profile(of));
	writeFileSync(join(at, "config/prod.yaml"), environment(app));
	requests.length = 0;
	return { at, app, write: (changed) => writeFileSync(
		join(at, "config/prod.yaml"), environment({ ...app, ...changed })) };
}

// Runs trueup; the secret may be in nothing it prints or leaves behind.
export async function trueup(where, ...words) {
	const root = words.includes("--root") ? [] : ["--root", "."];
	const child = spawn(join(build, "trueup"), [...words, ...root], {
		cwd: join(where.at, "config"),
		stdio: ["ignore", "pipe", "pipe"],
		env: {
			PATH: process.env.PATH, HOME: join(where.at, "home"),
			LC_ALL: "C.UTF-8", PROBE_SECRET: where.app.secret ?? SECRET,
			ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? "",
			http_proxy: "http://127.0.0.1:1/",
			https_proxy: "http://127.0.0.1:1/",
			TRUEUP_FINGERPRINT_KEY: "11".repeat(32),
		},
	});
	let stdout = "", stderr = "";
	child.stdout.on("data", (piece) => (stdout += piece));
	child.stderr.on("data", (piece) => (stderr += piece));
	const exit = await new Promise((resolve) => child.on("close", resolve));
	for (const text of [stdout, stderr])
		assert.ok(!holds(text), `the secret was printed:\n${text}`);
	for (const file of files(where.at))
		assert.ok(!holds(readFileSync(file, "latin1")),
			`the secret is in ${file}`);
	return { exit, stdout, stderr };
}

// Probes with the profile and the hosts allowed, as JSON.
export async function probe(where, { hosts, words = [], yes = true } = {}) {
	const allowed = (hosts ?? []).flatMap((host) => ["--allow-host", host]);
	const got = await trueup(where, "probe", "--profile", "../acme.yaml",
		...allowed, ...(yes ? ["--yes"] : []), "--format", "json", ...words);
	const report = JSON.parse(got.stdout);
	const found = report.probes?.[0];
	return { ...got, report, found, ...Object.fromEntries(
		(found?.parts ?? []).map((part) => [part.part, part])) };
}

// The verdicts of the three parts, and the exit code.
export function expect(got, verdicts, exit) {
	assert.deepEqual(got.found?.parts.map((part) => part.verdict), verdicts,
		JSON.stringify(got.report, null, 1) + got.stderr);
	assert.equal(got.exit, exit, got.stderr);
}

// The secret went once to one place at most, and nowhere else.
export function sentOnceTo(server, path) {
	const sent = carriers();
	assert.equal(sent.length, 1, JSON.stringify(sent));
	assert.equal(sent[0].server, server);
	assert.equal(sent[0].url, path);
	assert.equal(sent[0].method, "POST");
}
export const sentNowhere = () =>
	assert.deepEqual(carriers(), [], "the secret was sent");

export async function each(cases) {
	for (const [name, run] of Object.entries(cases)) {
		try {
			await run();
			console.log(`ok   ${name}`);
		} catch (error) {
			console.log(`FAIL ${name}\n${error.stack}`);
			process.exitCode = 1;
		}
	}
	process.exit();
}
