/* SPDX-License-Identifier: MIT */
#include "report/html.h"
#include "report/probes.h"

static void part(enum probe_part part, const struct probe_finding *finding,
                 FILE *out)
{
	const char *advice = probe_advice(part, finding->verdict);

	if (finding->verdict == PROBE_UNASKED)
		return;
	fprintf(out, "<li class=\"%s\"><span class=\"mark\">%s</span> %s: ",
	        probe_is_bad(finding->verdict) ? "destructive" : "none",
	        probe_verdict_names[finding->verdict], probe_part_names[part]);
	html_text(out, finding->evidence);
	if (*advice)
		fprintf(out, "; %s", advice);
	fputs("</li>\n", out);
}

static void probe(const struct report *report, const struct report_probe *probe,
                  FILE *out)
{
	fputs("<h2>", out);
	html_code(out, report->environment);
	fputc('/', out);
	html_code(out, probe->key);
	if (probe->provider) {
		fputs(", ", out);
		html_text(out, probe->provider);
	}
	fputs("</h2>\n", out);
	if (!probe->result) {
		fputs("<p>", out);
		html_text(out, probe->skipped);
		fputs("</p>\n", out);
		return;
	}
	fputs("<ul class=\"risks\">\n", out);
	for (int i = 0; i < PROBE_PARTS; i++)
		part((enum probe_part)i, &probe->result->parts[i], out);
	fputs("</ul>\n", out);
}

void probes_html(const struct report *report, FILE *out)
{
	for (size_t i = 0; i < report->probe_count; i++)
		probe(report, &report->probes[i], out);
}
