/* SPDX-License-Identifier: MIT */
#include "report/markdown.h"
#include "report/probes.h"

#include "base/text.h"

#include <stdlib.h>

static void part(enum probe_part part, const struct probe_finding *finding,
                 FILE *out)
{
	const char *advice = probe_advice(part, finding->verdict);

	if (finding->verdict == PROBE_UNASKED)
		return;
	fprintf(out, "- %s: **%s**, ", probe_part_names[part],
	        probe_verdict_names[finding->verdict]);
	markdown_code(out, finding->evidence ? finding->evidence : "");
	if (*advice)
		fprintf(out, "; %s", advice);
	fputc('\n', out);
}

static void probe(const struct report *report, const struct report_probe *probe,
                  FILE *out)
{
	CLEANUP(textp)
	char *address = xasprintf("%s/%s", report->environment, probe->key);

	fputs("\n### ", out);
	markdown_code(out, address);
	if (probe->provider) {
		fputs(", ", out);
		markdown_code(out, probe->provider);
	}
	fputs("\n\n", out);
	if (!probe->result) {
		fputs("- ", out);
		markdown_code(out, probe->skipped);
		fputc('\n', out);
		return;
	}
	for (int i = 0; i < PROBE_PARTS; i++)
		part((enum probe_part)i, &probe->result->parts[i], out);
}

/* Whole ones, as many as fit. */
void probes_markdown(const struct report *report, struct page *page)
{
	for (size_t i = 0; i < report->probe_count; i++) {
		CLEANUP(textp) char *text = NULL;
		size_t length = 0;
		FILE *out = xmemstream(&text, &length);

		probe(report, &report->probes[i], out);
		(void)fclose(out);
		if (page_add(page, text, length))
			continue;
		fprintf(page->out, "\ntruncated: %zu of %zu probes shown\n", i,
		        report->probe_count);
		return;
	}
}
