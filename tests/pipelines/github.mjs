// SPDX-License-Identifier: MIT
// Runs GitHub workflows: as much of them as the examples use. What is not known
// here is an error, so that no step is left out unseen.
import fs from "node:fs";
import path from "node:path";

import * as world from "./world.mjs";

const folder = ".github/workflows";

// ---- expressions ----

function look(name, context) {
	return name.split(".").reduce((value, member) => value?.[member], context) ?? "";
}

function operand(text, context) {
	if (/^'[^']*'$/.test(text)) return text.slice(1, -1);
	if (!/^[a-z_]+(\.[\w-]+)+$/.test(text)) throw new Error(`expression: ${text}`);
	return look(text, context);
}

function evaluate(text, context) {
	const sides = text.split(" == ").map((side) => operand(side.trim(), context));

	if (sides.length > 2) throw new Error(`expression: ${text}`);
	return sides.length === 2 ? sides[0] === sides[1] : sides[0];
}

function fill(text, context) {
	return String(text).replace(/\$\{\{(.+?)\}\}/g, (_, inside) => evaluate(inside.trim(), context));
}

function fillAll(map, context) {
	return Object.fromEntries(
		Object.entries(map ?? {}).map(([name, text]) => [name, fill(text, context)]));
}

// ---- steps ----

// NAME=VALUE, and NAME<<END … END.
function readOutputs(text) {
	const outputs = {};
	const lines = text.split("\n");

	while (lines.length > 1) {
		const line = lines.shift();
		const long = /^([\w-]+)<<(.+)$/.exec(line);

		if (long)
			outputs[long[1]] = lines.splice(0, lines.indexOf(long[2]) + 1).slice(0, -1).join("\n");
		else outputs[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
	}
	return outputs;
}

async function runScript(job, step, context, env) {
	const script = path.join(job.runner.home, "host/script");
	const output = path.join(job.runner.home, "host/output");

	fs.writeFileSync(script, fill(step.run, context));
	fs.writeFileSync(output, "");
	const { status, output: said } = await world.run(
		["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
		{ cwd: job.runner.workspace, env: { ...env, ...fillAll(step.env, context), GITHUB_OUTPUT: output } });

	job.log += said;
	job.exit = status;
	if (step.id) context.steps[step.id] = { outputs: readOutputs(fs.readFileSync(output, "utf8")) };
}

async function runSteps(steps, job, context, env) {
	for (const step of steps) {
		if (step.uses === "actions/checkout@v4") continue; // makeRunner() did
		if (step.uses) {
			const action = job.host.parse(path.join(step.uses, "action.yml"));

			await runSteps(action.runs.steps, job, { ...context, inputs: fillAll(step.with, context) }, env);
		} else {
			await runScript(job, step, context, env);
		}
		if (job.exit !== 0) return;
	}
}

// ---- jobs ----

function secretsOf(event, environment) {
	const kind = environment.replace(/-plan$/, "");
	const all = world.secrets[kind];
	const key = world.keyName(kind);

	if (event.fork || !all) return {};
	return environment.endsWith("-plan")
		? { [key]: all[key] }
		: { ...all, TRUEUP_FINGERPRINT_KEY: world.fingerprintKey };
}

async function runJob(host, name, plan, context, event) {
	const job = { host, name, log: "", exit: 0, runner: await world.makeRunner(event.sha) };
	const summary = path.join(job.runner.home, "host/summary");
	const environment = fill(plan.environment ?? "", context);

	if (!plan.steps.some((step) => step.uses === "actions/checkout@v4")) throw new Error("no checkout");
	context = { ...context, steps: {}, secrets: secretsOf(event, environment) };
	const env = {
		...job.runner.env, ...fillAll(plan.env, context),
		CI: "true", GITHUB_ACTIONS: "true", GITHUB_REPOSITORY: "team/conf", GITHUB_SHA: event.sha,
		GITHUB_EVENT_NAME: event.name, GITHUB_WORKSPACE: job.runner.workspace,
		GITHUB_STEP_SUMMARY: summary, RUNNER_TEMP: job.runner.env.TMPDIR,
	};

	fs.writeFileSync(summary, "");
	await runSteps(plan.steps, job, context, env);
	job.summary = fs.readFileSync(summary, "utf8");
	job.environment = environment.replace(/-plan$/, "");
	job.outputs = fillAll(plan.outputs, context);
	job.status = job.exit === 0 ? "success" : "failure";
	return job;
}

function matrixOf(plan) {
	const [[name, values] = []] = Object.entries(plan.strategy?.matrix ?? {});

	return name ? values.map((value) => ({ [name]: value })) : [{}];
}

// All jobs of a workflow, each after those it needs.
async function runWorkflow(host, file, inputs, event) {
	const workflow = host.parse(path.join(folder, file));
	const results = {};

	for (const [name, plan] of Object.entries(workflow.jobs)) {
		const needs = [plan.needs ?? []].flat();
		const context = {
			inputs, vars: host.api.variables, needs: Object.fromEntries(
				needs.map((need) => [need, results[need].at(-1) ?? {}])),
			github: { token: world.token, repository: "team/conf", event: event.payload },
		};
		const ready = needs.every((need) =>
			results[need].length && results[need].every((job) => job.status === "success"));

		results[name] = [];
		if (!ready || (plan.if && !evaluate(plan.if, context))) continue;
		if (plan.uses) {
			results[name] = await runWorkflow(host, path.basename(plan.uses), fillAll(plan.with, context), event);
			continue;
		}
		for (const matrix of matrixOf(plan)) {
			if (name === "apply") await host.approve?.(fill(plan.environment, context));
			const env = { ...workflow.env, ...plan.env };

			results[name].push(await runJob(host, name, { ...plan, env }, { ...context, matrix }, event));
		}
	}
	return Object.values(results).flat();
}

// ---- the host ----

function listens(workflow, name) {
	return name in workflow.on;
}

export class GitHub {
	constructor(api, parse) {
		this.api = api;
		this.parse = parse;
	}

	async run(name, event) {
		const jobs = [];

		for (const file of fs.readdirSync(path.join(this.parse.root, folder))) {
			const workflow = this.parse(path.join(folder, file));

			if (listens(workflow, name)) jobs.push(...await runWorkflow(this, file, {}, { ...event, name }));
		}
		return jobs;
	}

	review({ sha, base, number, fork }) {
		return this.run("pull_request", { sha, fork, payload: { pull_request: {
			number, base: { sha: base },
			head: { repo: { full_name: fork ? "stranger/conf" : "team/conf" } },
		} } });
	}

	merged(sha) {
		return this.run("push", { sha, payload: {} });
	}

	scheduled(sha) {
		return this.run("schedule", { sha, payload: {} });
	}
}
