// SPDX-License-Identifier: MIT
// yaml-to-json MODULES FILE: the document as JSON on stdout.
import fs from "node:fs";
import { createRequire } from "node:module";

const [modules, file] = process.argv.slice(2);
const { parse } = createRequire(modules + "/")("yaml");

process.stdout.write(JSON.stringify(parse(fs.readFileSync(file, "utf8"), { merge: true })));
