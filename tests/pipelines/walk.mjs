// SPDX-License-Identifier: MIT
// walk HOST short|whole MODULES: the life of a repository, see `check`.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { GitHub } from "./github.mjs";
import { GitLab } from "./gitlab.mjs";
import * as world from "./world.mjs";

const [name, length, modules] = process.argv.slice(2);
const { parse: parseYaml } = createRequire(modules + "/")("yaml");
const { temporary } = process.env;
const example = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
	`../../examples/ci-${name}`);
const clone = path.join(temporary, "clone");
const logs = [];

// The pipelines are those of the example, as they stand there.
const parse = (file) => parseYaml(fs.readFileSync(path.join(example, file), "utf8"), { merge: true });

parse.root = example;

const api = await world.makeApi();
const host = new { github: GitHub, gitlab: GitLab }[name](api, parse);

// ---- people ----

function edit(file, from, to) {
	const whole = path.join(clone, "envs", file);
	const text = fs.readFileSync(whole, "utf8");

	assert(text.includes(from), `${file} has ${from}`);
	fs.writeFileSync(whole, text.replace(from, to));
}

async function commit(subject) {
	await world.git(clone, "add", "-A");
	await world.git(clone, "commit", "-q", "-m", subject);
	return world.git(clone, "rev-parse", "HEAD");
}

const head = () => world.git(clone, "rev-parse", "HEAD");
const branch = (called) => world.git(clone, "checkout", "-q", "-B", called, "main");

// What a request would merge: the host keeps it under a ref of its own.
async function request(number, fork) {
	await world.git(clone, "push", "-q", "-f", world.bare, `HEAD:refs/requests/${number}`);
	return ran(await host.review({
		sha: await head(), base: await world.git(clone, "rev-parse", "main"), number, fork }));
}

async function merge(called) {
	await world.git(clone, "checkout", "-q", "main");
	if (called) await world.git(clone, "merge", "-q", "--squash", called);
	if (called) await commit(`merge ${called}`);
	await world.git(clone, "push", "-q", world.bare, "main");
	return ran(await host.merged(await head()));
}

const schedule = async () => ran(await host.scheduled(await head()));

function ran(jobs) {
	for (const job of jobs) logs.push(job.log, job.summary);
	return jobs;
}

// ---- looking ----

// The one job of that name, which must have ended so.
function job(jobs, called, environment, exit = 0) {
	const found = jobs.filter((each) => each.name === called &&
		(!environment || each.environment === environment));
	const what = `${called} ${environment ?? ""}`;

	assert.equal(found.length, 1, `one job ${what}`);
	assert.equal(found[0].exit, exit, `${what} ends with ${exit}:\n${found[0].log}`);
	return found[0];
}

function none(jobs, called, environment) {
	assert(!jobs.some((each) => each.name === called && (!environment || each.environment === environment)),
		`no job ${called} ${environment ?? ""}`);
}

function allDone(jobs) {
	for (const environment of world.environments)
		for (const called of ["plan", "apply"])
			job(jobs, called, environment);
}

async function object(environment, slug) {
	const found = (await world.live(environment)).filter((each) => each.toolkit.slug === slug);

	assert.equal(found.length, 1, `one ${slug} in ${environment}`);
	return found[0];
}

async function each(look) {
	for (const environment of world.environments) await look(environment);
}

const scopes = async (environment) => (await object(environment, "slack")).credentials.scopes.join();
const secret = async (environment) => (await object(environment, "slack")).credentials.client_secret;
const ledger = (environment) => world.git(world.bare, "rev-list", "--count", `refs/trueup/ledger/${environment}`);

// ---- the life ----

async function begin() {
	await world.git(temporary, "clone", "-q", world.bare, clone);
	await world.git(clone, "checkout", "-q", "-b", "main");
	fs.cpSync(example, clone, { recursive: true });
	for (const environment of world.environments)
		edit(`${environment}.yaml`, "binding: composio\n",
			"binding: composio\n  url: ${env:TRUEUP_VAR_SANDBOX_URL}/api/v3.1\n");
	await commit("begin");
	await world.git(clone, "push", "-q", world.bare, "main");

	// By hand, once, as README.md says; with the package installed.
	const said = fs.readFileSync(path.join(example, "README.md"), "utf8");
	const command = /```sh\n\s*(trueup apply .*)\n/.exec(said)[1];

	await each(async (environment) => {
		const runner = await world.makeRunner(await head());
		const deb = path.join(temporary, "package", path.basename(api.deb));
		const { status, output } = await world.run(["sh", "-ec",
			`apt-get install ${deb}; ${command.replace("dev", environment)} --yes --git-token-env GIT_TOKEN`], {
			cwd: runner.workspace, env: {
				...runner.env, ...world.secrets[environment], GIT_TOKEN: world.token,
				TRUEUP_FINGERPRINT_KEY: world.fingerprintKey },
		});

		assert.equal(status, 0, output);
		assert.equal(await scopes(environment), "channels:read,chat:write");
	});
}

// A stranger's branch: nothing of it reaches the platform, and the plan is shown.
async function stranger() {
	const before = await world.requests();

	await branch("stranger");
	edit("base.yaml", "chat:write]", "chat:write, users:read]");
	await commit("a stranger's scope");
	let jobs = await request(1, true);
	const { log, summary } = job(jobs, "offline");

	assert.match(log + summary, /users:read/);
	none(jobs, "plan");
	edit("base.yaml", "connector: slack", "conector: slack");
	await commit("a stranger's mistake");
	jobs = await request(1, true);
	job(jobs, "offline", undefined, 1);
	assert.match(jobs[0].log, /did you mean `connector`/);
	assert.equal(api.comments.length, 0);
	assert.equal(await world.requests(), before);
}

// The team's: the plan stands under it, and later the newer one in its place.
async function team() {
	const before = await world.writes();

	await branch("scopes");
	edit("base.yaml", "chat:write]", "chat:write, users:write]");
	await commit("a scope");
	await request(2);
	edit("base.yaml", "users:write]", "users:read]");
	const last = await commit("rather another");
	const jobs = await request(2);

	await each((environment) => {
		const comments = api.comments.filter(({ body }) => body.startsWith(`<!-- trueup:plan:${environment} -->`));

		job(jobs, "plan", environment);
		assert.equal(comments.length, 1);
		assert.equal(comments[0].written, 2);
		assert.match(comments[0].body, /users:read/);
		assert.doesNotMatch(comments[0].body, /users:write/);
		assert(comments[0].body.includes(last.slice(0, 12)), `${last} touched it:\n${comments[0].body}`);
	});
	assert.equal(api.comments.length, 2);
	assert.equal(await world.writes(), before);
}

async function merged() {
	const before = { dev: await ledger("dev"), prod: await ledger("prod") };

	allDone(await merge("scopes"));
	await each(async (environment) => {
		assert.equal(await scopes(environment), "channels:read,chat:write,users:read");
		assert(Number(await ledger(environment)) > Number(before[environment]), "the ledger went on");
	});
}

// While somebody thinks about it, another changes the dashboard: what was
// approved is not what would happen.
async function outdated() {
	const { id } = await object("dev", "slack");

	await branch("name");
	edit("base.yaml", "GitHub issues", "GitHub tickets");
	await commit("a name");
	host.approve = async (environment) => {
		if (environment === "dev") await world.touchLive("dev", id, { name: "by hand" });
	};
	const before = await world.writes();
	const jobs = await merge("name");

	delete host.approve;
	job(jobs, "plan", "dev");
	job(jobs, "apply", "dev", 5);
	none(jobs, "apply", "prod");
	assert.equal((await object("dev", "github")).name, "GitHub issues");
	assert.equal(await world.writes(), before);
	allDone(await merge());
	assert.equal((await object("prod", "github")).name, "GitHub tickets");
	assert.equal((await object("dev", "slack")).name, "Slack notifications");
}

async function drift() {
	let jobs = await schedule();

	await each((environment) => job(jobs, "drift", environment));
	await world.touchLive("prod", (await object("prod", "slack")).id, { name: "by hand" });
	jobs = await schedule();
	job(jobs, "drift", "dev");
	assert.match(job(jobs, "drift", "prod", 2).log, /Changed outside/);
	jobs = await merge();
	job(jobs, "apply", "prod");
	jobs = await schedule();
	job(jobs, "drift", "prod");
}

function store(version) {
	for (const environment of world.environments)
		world.secrets[environment][world.slackName(environment)] = `canary0${environment}0slack0${version}0b2c3d4e5f6`;
}

async function rotate() {
	store("new");
	await branch("rotation");
	for (const environment of world.environments)
		edit(`${environment}.yaml`, 'secretVersion: "2026-11"', 'secretVersion: "2026-12"');
	await commit("a new secret");
	const jobs = await request(3);

	await each((environment) => job(jobs, "plan", environment));
	assert.equal(api.comments.filter(({ body }) => /1 secret to rotate/.test(body)).length, 2);
	allDone(await merge("rotation"));
	await each(async (environment) =>
		assert.equal(await secret(environment), world.secrets[environment][world.slackName(environment)]));
}

async function revert(subject) {
	await world.git(clone, "checkout", "-q", "main");
	await world.git(clone, "revert", "--no-edit",
		await world.git(clone, "log", "-1", "--format=%H", `--grep=^${subject}`));
	allDone(await merge());
}

// As README.md says: the secret first, then the commit.
async function rollBack() {
	store("old");
	await revert("merge rotation");
	await each(async (environment) =>
		assert.equal(await secret(environment), world.secrets[environment][world.slackName(environment)]));
	await revert("merge scopes");
	await each(async (environment) => assert.equal(await scopes(environment), "channels:read,chat:write"));
	await each(async (environment) => job(await schedule(), "drift", environment));
}

// Nothing that anybody can read holds what nobody may.
function silence() {
	const said = [...logs, ...api.comments.map(({ body }) => body)].join("\n");

	assert(said.length > 1000);
	for (const value of [world.fingerprintKey, ...Object.values(world.secrets).flatMap(Object.values)])
		assert(!said.includes(value), `${value} is said`);
	for (const value of said.matchAll(/canary[\w-]*/g)) assert.fail(`${value} is said`);
}

const walks = {
	short: [begin, team, merged, outdated, silence],
	whole: [begin, stranger, team, merged, outdated, drift, rotate, rollBack, silence],
};

for (const part of walks[length]) {
	const began = Date.now();

	await part();
	console.log(`${name}: ${part.name}, ${Date.now() - began} ms`);
}
