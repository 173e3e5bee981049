// SPDX-License-Identifier: MIT
// alike.mjs FOLDER: what no schema says of the reports there. Fingerprints are
// unique, each result of SARIF points at its rule, and both formats hold the
// same issues but for those that are waived.
import { readFileSync, readdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

const [folder] = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));

function fail(name, words) {
	console.error(`formats: ${name}: ${words}`);
	process.exitCode = 1;
}

for (const name of readdirSync(folder)) {
	if (!name.endsWith(".gitlab.json"))
		continue;
	const issues = read(name);
	const { results, tool } =
		read(name.replace(".gitlab.", ".sarif.")).runs[0];
	const prints = results.map((result) =>
		result.partialFingerprints["trueup/v1"]);

	if (new Set(prints).size !== prints.length)
		fail(name, "two of one fingerprint");
	if (!results.every(({ ruleId, ruleIndex }) =>
		tool.driver.rules[ruleIndex].id === ruleId))
		fail(name, "a result has not its rule");
	if (!isDeepStrictEqual(
		issues.map((issue) => [issue.check_name, issue.fingerprint]),
		results.filter((result) => !result.suppressions.length)
			.map((result) => [result.ruleId,
				result.partialFingerprints["trueup/v1"]])))
		fail(name, "the two formats differ");
}
