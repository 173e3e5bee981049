// SPDX-License-Identifier: MIT
// bad-server MODE [URL]: an http server that goes wrong; its port on stdout.
//
//   silent    accepts, and never says a word
//   stall     passes on to URL; stops in the middle of a pack, connected
//   cut       passes on to URL; hangs up in the middle of a pack
//   mute      passes on to URL; hangs up instead of saying how a push ended
//   hush      likewise, but stays connected
//   flip      passes on to URL; one bit of a pack is another
//   moved     redirects to URL, another server that wants a password
//   headers   answers with a header that never ends
import http from "node:http";
import net from "node:net";

const [mode, target] = process.argv.slice(2);

function ready(server) {
	server.listen(0, "127.0.0.1", () => console.log(server.address().port));
	process.stdout.on("error", () => {});
}

// The middle of a pack: after its name and some of its objects.
function spoil(body) {
	const at = body.indexOf("PACK");
	if (at < 0 || mode === "mute" || mode === "hush") return { sent: body, whole: true };
	const middle = at + 40 + Math.floor((body.length - at - 40) / 2);
	if (mode === "flip") {
		const changed = Buffer.from(body);
		changed[middle] ^= 0x10;
		return { sent: changed, whole: true };
	}
	return { sent: body.subarray(0, middle), whole: false };
}

// The server did what was pushed; whoever pushed it is not to hear of that.
function isTold(request) {
	return (mode === "mute" || mode === "hush") &&
		request.method === "POST" &&
		request.url.endsWith("/git-receive-pack");
}

function pass(request, response) {
	const url = new URL(request.url, target);
	const ask = http.request(url, {
		method: request.method,
		headers: { ...request.headers, host: url.host },
	}, (answer) => {
		const parts = [];
		answer.on("data", (part) => parts.push(part));
		answer.on("end", () => {
			if (isTold(request)) {
				if (mode === "mute") response.destroy();
				return;
			}
			const { sent, whole } = spoil(Buffer.concat(parts));
			const headers = { ...answer.headers };
			delete headers["content-length"];
			delete headers["transfer-encoding"];
			response.writeHead(answer.statusCode, headers);
			if (whole) return response.end(sent);
			response.write(sent, () => {
				if (mode === "cut") response.destroy();
			});
		});
	});
	request.pipe(ask);
}

if (mode === "silent") {
	ready(net.createServer((socket) => socket.on("error", () => {})));
} else if (mode === "headers") {
	ready(net.createServer((socket) => {
		socket.on("error", () => {});
		socket.write("HTTP/1.1 200 OK\r\nX-Long: ");
		const more = setInterval(() => socket.write("x".repeat(64)), 5);
		socket.on("close", () => clearInterval(more));
	}));
} else if (mode === "moved") {
	ready(http.createServer((request, response) => {
		response.writeHead(301, { location: target + request.url });
		response.end();
	}));
} else {
	ready(http.createServer(pass));
}
