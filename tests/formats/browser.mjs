// SPDX-License-Identifier: MIT
// What the tests of pages share: Debian's Chromium, headless and without a
// network, and what it sees.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const build = resolve(process.argv[2])
export const modules = createRequire(join(build, 'tests/formats/modules.js'))
const { chromium } = modules('playwright-core')

export const failures = []
export function want(holds, words) {
	if (!holds)
		failures.push(words)
}

// A page that reports errors on its console and each request that it makes.
export async function open(browser, options) {
	const context = await browser.newContext({ offline: true, ...options })
	const page = await context.newPage()

	page.on('pageerror', (error) => failures.push(`error: ${error}`))
	page.on('console', (message) =>
		failures.push(`console: ${message.text()}`))
	page.on('request', (request) => {
		if (!request.url().startsWith('file:') &&
			request.url() !== 'about:blank')
			failures.push(`request: ${request.url()}`)
	})
	return page
}

export async function launch() {
	const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser']
		.find(existsSync)

	if (!path)
		throw new Error('chromium is missing; tests/setup test installs it')
	return chromium.launch({
		executablePath: path,
		args: ['--no-sandbox', '--disable-gpu'],
	})
}

export function end(name) {
	for (const failure of failures.slice(0, 40))
		console.error(`${name}: ${failure}`)
	process.exitCode = failures.length ? 1 : 0
}
