// SPDX-License-Identifier: MIT
// html.mjs BUILD FOLDER [PICTURES]: what is seen of FOLDER/NAME.html.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { end, failures, launch, modules, open, want } from './browser.mjs'

const folder = resolve(process.argv[3])
const pictures = process.argv[4]
const axe = readFileSync(modules.resolve('axe-core/axe.min.js'), 'utf8')
const views = [
	{ colorScheme: 'light', viewport: { width: 1280, height: 800 } },
	{ colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
	{ colorScheme: 'light', viewport: { width: 360, height: 740 } },
	{ colorScheme: 'dark', viewport: { width: 360, height: 740 } },
]

// In the browser: each text, its colour and what it stands on, by WCAG 2.
function contrasts() {
	const channel = (c) => (c /= 255) <= 0.03928 ? c / 12.92
		: ((c + 0.055) / 1.055) ** 2.4
	const light = ([r, g, b]) => 0.2126 * channel(r) +
		0.7152 * channel(g) + 0.0722 * channel(b)
	const parse = (text) => text.match(/[\d.]+/g).map(Number)
	const back = (element) => {
		for (; element; element = element.parentElement) {
			const colour = parse(
				getComputedStyle(element).backgroundColor)
			if (colour.length === 3 || colour[3] > 0)
				return colour
		}
		return [255, 255, 255]
	}
	const walker = document.createTreeWalker(document.body,
		NodeFilter.SHOW_TEXT)
	let least = 21, where = '', count = 0
	while (walker.nextNode()) {
		const element = walker.currentNode.parentElement

		if (!walker.currentNode.data.trim())
			continue
		const pair = [light(parse(getComputedStyle(element).color)),
			light(back(element))].sort((a, b) => b - a)
		const ratio = (pair[0] + 0.05) / (pair[1] + 0.05)

		count++
		if (ratio < least) {
			least = ratio
			where = element.outerHTML.slice(0, 120)
		}
	}
	return { least, where, count }
}

async function axeFinds(page) {
	// The page's own policy lets no script in; the browser's console does.
	await page.evaluate(axe)
	const result = await page.evaluate(() => globalThis.axe.run(document))

	return result.violations.map((violation) => violation.id + ': ' +
		violation.nodes.slice(0, 3).map((node) => node.html).join(' | '))
}

async function check(browser, name, view) {
	const label = `${name}, ${view.colorScheme}, ${view.viewport.width}`
	const is = (holds, words) => want(holds, `${label}: ${words}`)
	const page = await open(browser, view)

	await page.goto(pathToFileURL(join(folder, `${name}.html`)).href)
	const wide = await page.evaluate(
		() => document.documentElement.scrollWidth)
	is(wide <= view.viewport.width, `it is ${wide} pixels wide`)
	const seen = await page.evaluate(contrasts)
	is(seen.count > 50, 'texts are looked at')
	is(seen.least >= 4.5, `contrast ${seen.least} of ${seen.where}`)
	const risk = await page.locator('.risks li').first().boundingBox()
	is(risk.y + risk.height < view.viewport.height,
		'the worst risk is in what is seen first')
	is((await page.locator('.risks li').first().textContent())
		.startsWith('destructive'), 'and it is the worst')
	is(await page.locator('script, img, iframe, form, link, style ~ style')
		.count() === 0, 'there is nothing but text')
	is(await page.evaluate(() => [...document.querySelectorAll('[href]')]
		.every((one) => one.getAttribute('href').startsWith('#c') &&
			document.querySelector(one.getAttribute('href')))),
	'links lead to changes of the page')
	is(await page.evaluate(() => getComputedStyle(document.body)
		.fontFamily.includes('sans')), 'the style is let in')
	if (name !== 'many')
		for (const found of await axeFinds(page))
			is(false, found)
	await page.context().close()
}

// What content-visibility says holds once the page was drawn.
function drawn(page) {
	return page.evaluate(() => new Promise((done) =>
		requestAnimationFrame(() => requestAnimationFrame(done))))
}

// What is folded on a screen is on paper, too.
async function print(browser) {
	const page = await open(browser, views[1])
	const hidden = () => page.evaluate(() => [
		...document.querySelectorAll('details:not([open]) .inside')]
		.filter((inside) => !inside.checkVisibility(
			{ contentVisibilityAuto: true })).length)

	await page.goto(pathToFileURL(join(folder, 'forty.html')).href)
	want(await hidden() > 0, 'print: something is folded')
	await page.emulateMedia({ media: 'print' })
	await drawn(page)
	want(await hidden() === 0, 'print: nothing is')
	want(await page.evaluate(() => getComputedStyle(document.body)
		.backgroundColor) === 'rgb(255, 255, 255)', 'print: it is white')
	await page.context().close()
}

async function hostile(browser) {
	const page = await open(browser, { javaScriptEnabled: true })
	await page.goto(pathToFileURL(join(folder, 'hostile.html')).href)
	const text = await page.evaluate(() => document.body.textContent)

	want(text.includes('</code></summary></details><img src=x><script>' +
		'alert(1)</script>'), 'hostile: a name is shown as it is')
	want(!/[\u001b\u202e]/.test(text), 'hostile: nothing is obeyed')
	await page.context().close()
}

// A policy that lets all in would say nothing: what is put in must not run.
async function policy(browser) {
	const html = readFileSync(join(folder, 'forty.html'), 'utf8')
	const page = await browser.newPage()
	const said = []

	page.on('console', (message) => said.push(message.text()))
	await page.setContent(html.replace('<main>', '<main><script>' +
		'document.title = "run"</script><img src="https://evil.test/x">' +
		'<p style="color:red">'))
	want(await page.title() !== 'run', 'policy: a script ran')
	want(said.filter((text) => text.includes('Content Security Policy'))
		.length >= 3, `policy: it refused ${said.length} things`)
	await page.close()
}

const browser = await launch()
for (const name of ['forty', 'hostile'])
	for (const view of views)
		await check(browser, name, view)
await check(browser, 'many', views[2])
await print(browser)
await hostile(browser)
await policy(browser)
if (pictures) {
	for (const view of [views[0], views[3]]) {
		const page = await open(browser, view)

		await page.goto(pathToFileURL(join(folder, 'forty.html')).href)
		await page.screenshot({
			path: join(pictures, `plan-${view.viewport.width}.png`) })
	}
}
await browser.close()
end('html')
if (failures.length === 0)
	console.log('html: all views are as they should be')
