// SPDX-License-Identifier: MIT
// What the hosts have in common: a repository, runners that forget everything,
// the variables that people gave them, and the platform.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { start } from "./api.mjs";

const { temporary, admin, http, TRUEUP_VAR_SANDBOX_URL: sandbox } = process.env;

export const environments = ["dev", "prod"];
export const remote = new URL(`${http}/priv/team/conf.git`);

// Nothing of it may be seen anywhere.
export const token = "hunter2";
export const fingerprintKey = "0123456789abcdef".repeat(4);
export const secrets = {};
export const keyName = (environment) => `COMPOSIO_${environment.toUpperCase()}_API_KEY`;
export const slackName = (environment) => `SLACK_NOTIFY_${environment.toUpperCase()}_SECRET`;
for (const environment of environments)
	secrets[environment] = {
		[keyName(environment)]: `canary-key-of-${environment}`,
		[slackName(environment)]: `canary0${environment}0slack0a1b2c3d4e5f6`,
		[`GITHUB_ISSUES_${environment.toUpperCase()}_SECRET`]: `canary0${environment}0github0a1b2c3d4e5f`,
	};

// run(ARGUMENTS, {cwd, env}): {status, output}; both streams as they came.
export function run([program, ...rest], options = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(program, rest, { ...options, stdio: ["ignore", "pipe", "pipe"] });
		let output = "";

		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (bytes) => (output += bytes));
		child.on("error", reject);
		child.on("close", (status) => resolve({ status, output }));
	});
}

export async function git(folder, ...rest) {
	const { status, output } = await run(
		["git", "-C", folder, "-c", "advice.detachedHead=false", "-c", "commit.gpgsign=false", ...rest]);

	if (status !== 0) throw new Error(`git ${rest.join(" ")}: ${output}`);
	return output.trim();
}

export const bare = path.join(temporary, "srv/team/conf.git");

let jobs = 0;

// A machine that was never used before, with `sha` checked out. Its programs
// are those of this one, but for trueup: that must be installed.
export async function makeRunner(sha) {
	const home = path.join(temporary, `job${++jobs}`);
	const workspace = path.join(home, "work");
	const prefix = path.join(home, "prefix");

	for (const folder of ["tmp", "gh", "host", "prefix"])
		fs.mkdirSync(path.join(home, folder), { recursive: true });
	fs.writeFileSync(path.join(home, "gh/config.yml"), `http_unix_socket: ${temporary}/api\n`);
	await git(temporary, "clone", "-q", "--no-checkout", bare, workspace);
	await git(workspace, "checkout", "-q", "--detach", sha);
	await git(workspace, "remote", "set-url", "origin", remote.href);
	return {
		home, workspace,
		env: {
			PATH: `${prefix}/usr/bin:${temporary}/shims:${process.env.PATH}`,
			PREFIX: prefix, HOME: home, TMPDIR: path.join(home, "tmp"), LC_ALL: "C",
			GH_CONFIG_DIR: path.join(home, "gh"), GIT_CONFIG_NOSYSTEM: "1",
			TRUEUP_VAR_SANDBOX_URL: sandbox,
			...Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(A|UB|L)SAN_/.test(name))),
		},
	};
}

export async function makeApi() {
	const folder = path.join(temporary, "package");
	const deb = path.join(folder, fs.readdirSync(folder).find((name) => name.endsWith(".deb")));
	const api = await start({ deb, socket: path.join(temporary, "api") });

	api.variables = {
		TRUEUP_DEB_URL: `${api.url}/trueup.deb`,
		TRUEUP_DEB_SHA256: createHash("sha256").update(fs.readFileSync(deb)).digest("hex"),
	};
	return api;
}

// ---- the platform ----

async function ask(method, at, body) {
	const answer = await fetch(`${sandbox}/_sandbox/${at}`, {
		method, body: body && JSON.stringify(body),
		headers: { "x-sandbox-admin": admin, "content-type": "application/json" },
	});

	if (!answer.ok) throw new Error(`${method} ${at}: ${await answer.text()}`);
	return answer.status === 204 ? null : answer.json();
}

// What is live, with its secrets.
export async function live(environment) {
	return (await ask("GET", "store")).environments[environment];
}

export function touchLive(environment, id, patch) {
	return ask("PATCH", `objects/${id}?environment=${environment}`, patch);
}

// Requests that change something, so far.
export async function writes() {
	return (await ask("GET", "requests")).list.filter((each) => each.method !== "GET").length;
}

export async function requests() {
	return (await ask("GET", "requests")).list.length;
}
