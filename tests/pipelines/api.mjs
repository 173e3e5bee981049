// SPDX-License-Identifier: MIT
// The hosts' REST API, as much of it as posts a comment: it is kept, and
// counted how often it was written. And the package, over http.
import fs from "node:fs";
import http from "node:http";

const routes = [
	// GitHub
	["GET", /^\/repos\/team\/conf\/issues\/(\d+)\/comments$/, list],
	["POST", /^\/repos\/team\/conf\/issues\/(\d+)\/comments$/, add],
	["PATCH", /^\/repos\/team\/conf\/issues\/comments\/()(\d+)$/, change],
	// GitLab
	["GET", /^\/api\/v4\/projects\/1\/merge_requests\/(\d+)\/notes$/, list],
	["POST", /^\/api\/v4\/projects\/1\/merge_requests\/(\d+)\/notes$/, add],
	["PUT", /^\/api\/v4\/projects\/1\/merge_requests\/(\d+)\/notes\/(\d+)$/, change],
];

function list(comments, [, number]) {
	return comments.filter((comment) => comment.number === number);
}

function add(comments, [, number], body) {
	const comment = { id: comments.length + 1, number, body, written: 1 };

	comments.push(comment);
	return comment;
}

function change(comments, [, , id], body) {
	const comment = comments.find((each) => each.id === Number(id));

	comment.body = body;
	comment.written++;
	return comment;
}

function bodyOf(request, text) {
	if (!text) return null;
	return request.headers["content-type"]?.startsWith("application/x-www-form")
		? new URLSearchParams(text).get("body")
		: JSON.parse(text).body;
}

function answer(api, request, response, text) {
	const { pathname } = new URL(request.url, "http://host");
	const route = routes.find(([method, path]) => method === request.method && path.test(pathname));
	const token = request.headers["private-token"] ?? request.headers.authorization;

	if (pathname === "/trueup.deb") return response.end(fs.readFileSync(api.deb));
	if (!["hunter2", "token hunter2"].includes(token)) response.statusCode = 401;
	else if (!route) response.statusCode = 404;
	response.setHeader("content-type", "application/json");
	response.end(JSON.stringify(response.statusCode === 200
		? route[2](api.comments, route[1].exec(pathname), bodyOf(request, text))
		: { message: "no" }));
}

// start({deb, socket}): gh comes by the socket, the rest by `url`.
export async function start(settings) {
	const api = { comments: [], deb: settings.deb };
	const serve = (where) => new Promise((resolve) => {
		const server = http.createServer((request, response) => {
			let text = "";

			request.on("data", (bytes) => (text += bytes));
			request.on("end", () => answer(api, request, response, text));
		});

		server.unref();
		server.listen(where, () => resolve(server));
	});

	await serve({ path: settings.socket });
	const server = await serve({ port: 0, host: "127.0.0.1" });

	api.url = `http://127.0.0.1:${server.address().port}`;
	return api;
}
