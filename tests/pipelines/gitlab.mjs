// SPDX-License-Identifier: MIT
// Runs GitLab pipelines: as much of them as the example uses. What is not known
// here is an error, so that no step is left out unseen.
import fs from "node:fs";
import path from "node:path";

import * as world from "./world.mjs";

const known = new Set(["after_script", "artifacts", "before_script", "environment", "extends", "interruptible",
	"needs", "parallel", "resource_group", "rules", "script", "stage", "variables"]);

// ---- expressions ----

function operand(text, variables) {
	if (/^"[^"]*"$/.test(text)) return text.slice(1, -1);
	if (!/^\$\w+$/.test(text)) throw new Error(`expression: ${text}`);
	return variables[text.slice(1)] ?? null;
}

function evaluate(text, variables) {
	return text.split(" && ").every((part) => {
		const sides = part.split(" == ");

		if (sides.length !== 2) throw new Error(`expression: ${text}`);
		return operand(sides[0], variables) === operand(sides[1], variables);
	});
}

function expand(text, variables) {
	return text.replace(/\$(\w+)/g, (_, name) => variables[name] ?? "");
}

// ---- jobs ----

function resolve(pipeline, name) {
	const job = pipeline[name];
	const base = job.extends ? resolve(pipeline, job.extends) : {};
	const whole = { ...base, ...job, variables: { ...base.variables, ...job.variables } };

	for (const key of Object.keys(whole))
		if (!known.has(key)) throw new Error(`${name}: ${key} is not known here`);
	return whole;
}

function secretsOf(event, environment) {
	const key = world.keyName(environment);
	const { [key]: value, ...others } = world.secrets[environment] ?? {};

	if (event.fork) return {};
	return {
		NOTES_TOKEN: world.token,
		...(environment && { [key]: value }),
		...(environment && event.protected && {
			...others, GIT_TOKEN: world.token, TRUEUP_FINGERPRINT_KEY: world.fingerprintKey }),
	};
}

// DIGEST=… of `artifacts:reports:dotenv`, for the jobs that need this one.
function readDotenv(job, file) {
	const lines = fs.readFileSync(path.join(job.runner.workspace, file), "utf8").split("\n");

	return Object.fromEntries(lines.filter(Boolean).map((line) => line.split(/=(.*)/, 2)));
}

async function runJob(host, name, plan, variables, event) {
	const job = { name, log: "", runner: await world.makeRunner(event.sha) };
	const script = path.join(job.runner.home, "host/script");

	job.environment = expand(plan.environment?.name ?? "", variables);
	// As GitLab's runner leaves it.
	const remote = new URL(world.remote);

	remote.username = "gitlab-ci-token";
	remote.password = world.token;
	await world.git(job.runner.workspace, "remote", "set-url", "origin", remote.href);
	fs.writeFileSync(script, [...(plan.before_script ?? []), ...plan.script].join("\n"));
	const { status, output } = await world.run(
		["bash", "--noprofile", "--norc", "-eo", "pipefail", script], {
			cwd: job.runner.workspace, env: {
				...job.runner.env, ...host.api.variables, ...variables,
				...secretsOf(event, job.environment), CI_PROJECT_DIR: job.runner.workspace },
		});

	job.log = output;
	job.exit = status;
	job.status = status === 0 ? "success" : "failure";
	job.summary = "";
	if (status === 0 && plan.artifacts?.reports?.dotenv)
		job.outputs = readDotenv(job, plan.artifacts.reports.dotenv);
	for (const kind of ["terraform", "codequality"]) {
		const file = plan.artifacts?.reports?.[kind];

		if (file) JSON.parse(fs.readFileSync(path.join(job.runner.workspace, file), "utf8"));
	}
	return job;
}

function matrixOf(plan) {
	const [[name, values] = []] = Object.entries(plan.parallel?.matrix?.[0] ?? {});

	return name ? values.map((value) => ({ [name]: value })) : [{}];
}

export class GitLab {
	constructor(api, parse) {
		this.api = api;
		this.parse = parse;
	}

	async run(event) {
		const { stages, variables, default: _, ...pipeline } = this.parse(".gitlab-ci.yml");
		const given = {
			...variables, ...event.variables,
			CI_API_V4_URL: `${this.api.url}/api/v4`, CI_PROJECT_ID: "1", CI_PROJECT_PATH: "priv/team/conf",
			CI_SERVER_PROTOCOL: world.remote.protocol.slice(0, -1), CI_SERVER_HOST: world.remote.hostname,
			CI_SERVER_PORT: world.remote.port, CI_JOB_TOKEN: world.token, CI_DEFAULT_BRANCH: "main",
		};
		const results = {};

		for (const stage of stages)
			for (const name of Object.keys(pipeline).filter((each) => each[0] !== ".")) {
				const plan = resolve(pipeline, name);

				if (plan.stage === stage && plan.rules.some((rule) => evaluate(rule.if, given)))
					results[name] = await this.runAll(name, plan, given, event, results);
			}
		return Object.values(results).flat();
	}

	async runAll(name, plan, given, event, results) {
		const before = plan.needs
			? plan.needs.flatMap((need) => results[need])
			: Object.values(results).flat();
		const jobs = [];

		if (before.some((job) => job.status !== "success") || (plan.needs && before.length < plan.needs.length))
			return [];
		for (const matrix of matrixOf(plan)) {
			const variables = Object.assign({ ...given, ...plan.variables, ...matrix },
				...before.map((job) => job.outputs));
			const role = name.split("-")[0];

			if (role === "apply") await this.approve?.(plan.environment.name);
			jobs.push({ ...await runJob(this, name, plan, variables, event),
				name: role === "validate" ? "offline" : role });
		}
		return jobs;
	}

	review({ sha, base, number, fork }) {
		return this.run({ sha, fork, variables: {
			CI_PIPELINE_SOURCE: "merge_request_event", CI_MERGE_REQUEST_IID: String(number),
			CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
			CI_MERGE_REQUEST_SOURCE_PROJECT_ID: fork ? "2" : "1",
		} });
	}

	merged(sha) {
		return this.run({ sha, protected: true,
			variables: { CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "main" } });
	}

	scheduled(sha) {
		return this.run({ sha, protected: true,
			variables: { CI_PIPELINE_SOURCE: "schedule", CI_COMMIT_BRANCH: "main" } });
	}
}
