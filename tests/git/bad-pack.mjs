// SPDX-License-Identifier: MIT
// bad-pack MODE REPOSITORY: git-upload-pack as sshd runs it, until some of the
// pack was sent; then it goes wrong.
//
//   cut    dies
//   flip   one bit of the rest is another
//   stall  says nothing more, for 20 s
import { spawn } from "node:child_process";

const [mode, repository] = process.argv.slice(2);
const child = spawn("git-upload-pack", [repository],
	{ stdio: ["inherit", "pipe", "inherit"] });
let sent = 0;
let spoiled = false;

function end() {
	child.kill("SIGKILL");
	process.exit(1);
}

function spoil(part) {
	const half = part.length >> 1;
	spoiled = true;
	if (mode === "flip") {
		part[half] ^= 0x10;
		process.stdout.write(part);
		return;
	}
	process.stdout.write(part.subarray(0, half),
		() => setTimeout(end, mode === "stall" ? 20000 : 0));
}

child.stdout.on("data", (part) => {
	sent += part.length;
	if (sent >= 50000 && !spoiled) spoil(part);
	else if (!spoiled || mode === "flip") process.stdout.write(part);
});
