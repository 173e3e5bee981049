// SPDX-License-Identifier: MIT
// markdown.mjs BUILD FOLDER: what is seen of FOLDER/NAME.html.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { end, launch, open, want } from './browser.mjs'

const folder = process.argv[3]

// All that a page of ours is made of.
const tags = ['H3', 'H4', 'P', 'UL', 'LI', 'STRONG', 'CODE', 'PRE', 'DETAILS',
	'SUMMARY']
const attributes = ['class', 'lang', 'open']

// In the browser: the page as a reader has it.
function look() {
	const outside = document.body.cloneNode(true)

	for (const code of outside.querySelectorAll('code'))
		code.remove()
	return {
		first: document.documentElement.previousSibling?.data ??
			document.body.firstChild.data,
		tags: [...new Set([...document.body.querySelectorAll('*')]
			.map((element) => element.tagName))],
		attributes: [...new Set(
			[...document.body.querySelectorAll('*')].flatMap(
				(element) => [...element.attributes].map(
					(attribute) => attribute.name)))],
		text: document.body.innerText,
		outside: outside.textContent,
		title: document.querySelector('h3')?.textContent ?? '',
		risks: [...document.querySelectorAll('ul > li')].map(
			(item) => item.textContent),
		codes: [...document.querySelectorAll('code')].map(
			(code) => code.textContent),
		changes: document.querySelectorAll(
			'details:has(pre > code.language-diff), ' +
			'details:has(pre[lang="diff"])').length,
		folds: document.querySelectorAll('details').length,
		nested: document.querySelectorAll('details details').length,
		unnamed: document.querySelectorAll(
			'details:not(:has(> summary))').length,
		opened: [...document.querySelectorAll('details[open] summary')]
			.map((summary) => summary.textContent),
		headings: [...document.querySelectorAll('h4')].map(
			(heading) => heading.textContent),
	}
}

async function check(page, name, count) {
	const markdown = readFileSync(join(folder, `${name}.md`), 'utf8')
	const is = (holds, words) => want(holds, `${name}: ${words}`)
	const lines = markdown.trimEnd().split('\n')

	await page.setContent(readFileSync(join(folder, `${name}.html`), 'utf8'))
	const seen = await page.evaluate(look)

	is(lines[0] === '<!-- trueup:plan:prod -->', 'the marker is first')
	is(seen.tags.every((tag) => tags.includes(tag)), `tags ${seen.tags}`)
	is(seen.attributes.every((one) => attributes.includes(one)),
		`attributes ${seen.attributes}`)
	is(seen.nested === 0 && seen.unnamed === 0, 'folds are balanced')
	is(seen.text.split('Plan: ').length === 3, 'counts come twice')
	is(lines.at(-1).startsWith('Plan: '), 'counts are last')
	is(seen.codes.includes(`1:${'4'.repeat(64)}`), 'the digest is there')
	is(seen.title.includes('destructive'), `title ${seen.title}`)
	is(seen.risks[0]?.startsWith('destructive, '), 'the worst risk is first')
	is(seen.risks[0]?.includes('deleted: '), 'deletes are named')
	is(seen.text.indexOf(seen.risks[0]) < 600, 'risks are above all')
	is(seen.headings[0] === 'Destructive', 'and so are such changes')
	is(seen.opened.length > 0 && seen.opened.every(
		(summary) => summary.includes('destructive')),
	'what is destructive is open, and only that')
	const said = seen.text.match(/truncated: (\d+) of (\d+) changes shown/)
	const shown = said ? Number(said[1]) : count
	is(!said || Number(said[2]) === count, 'all are counted')
	is(said || seen.changes === count, 'all are shown')
	is(seen.changes === shown, `${seen.changes} shown, ${shown} said`)
	is(shown > 0, 'some are shown')
	return seen
}

const browser = await launch()
const page = await open(browser)

await check(page, 'forty', 40)
await check(page, 'many', 10000)
await check(page, 'small', 10000)
const destructive = await check(page, 'destructive', 10000)
want(destructive.headings.length === 1, 'the least dangerous are left out first')
for (const [name, count] of [['hostile', 12], ['hostile-small', 3000]]) {
	const seen = await check(page, name, count)

	for (const word of ['@org', '#123', 'GH-1', 'http', 'script', '<', '&amp',
		'\u202e', '\u001b', '](', '|'])
		want(!seen.outside.includes(word), `${name}: ${word} is loose`)
	want(seen.codes.some((code) => code.startsWith('````` b` ``` </code>' +
		'</summary></details><img src=x><script>alert(1)</script>')),
	`${name}: a hostile name is shown as it is`)
}
await browser.close()
end('markdown')
