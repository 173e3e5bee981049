/* SPDX-License-Identifier: MIT */
/* Who holds the lock of an environment. */
#include "report/formats.h"
#include "report/json.h"
#include "report/show.h"
#include "report/steps.h"
#include "report/table.h"

#include "base/clock.h"
#include "base/text.h"

static const char *state_of(const struct report_lock *lock)
{
	if (lock->broken)
		return "broken";
	if (lock->held)
		return "held";
	return lock->stale ? "stale" : "none";
}

/* ---- text ---- */

static void line(struct table *table, const char *name, const char *text)
{
	if (!text)
		return;
	fputs(name, table->out);
	table_cell(table);
	show_text(table->out, text);
	table_cell(table);
}

static void date(struct table *table, const char *name, int64_t wall_ms)
{
	char text[CLOCK_TEXT_SIZE];

	clock_format(wall_ms, text);
	line(table, name, text);
}

static void holder(const struct report_lock *lock, FILE *out)
{
	CLEANUP(textp)
	char *process = xasprintf("%lld", (long long)lock->pid);
	struct table table;

	table_begin(&table, "  ", 2);
	line(&table, "who", lock->who);
	line(&table, "command", lock->command);
	line(&table, "process", process);
	line(&table, "job", lock->url);
	date(&table, "since", lock->since_ms);
	date(&table, "renewed", lock->renewed_ms);
	date(&table, "expires", lock->expires_ms);
	table_end(&table, out);
}

void lock_text(const struct report *report, FILE *out)
{
	const struct report_lock *lock = report->lock;

	if (!lock)
		return;
	if (!lock->who) {
		fputs("Nobody holds the lock.\n", out);
		return;
	}
	if (lock->broken && lock->notices_ms)
		fprintf(out,
		        "The lock is broken: whose it was notices within "
		        "%lld s, and writes until then.\n",
		        (long long)(lock->notices_ms / 1000));
	else if (lock->broken)
		fputs("The lock is broken: whose it was stops before it "
		      "writes more.\n",
		      out);
	else if (lock->held)
		fputs("The lock is held.\n", out);
	else
		fprintf(out, "Nobody holds the lock; one was left: %s.\n",
		        lock->stale);
	holder(lock, out);
}

/* ---- JSON ---- */

static json_t *date_json(int64_t wall_ms)
{
	char text[CLOCK_TEXT_SIZE];

	clock_format(wall_ms, text);
	return json_text(text);
}

json_t *lock_json(const struct report_lock *lock)
{
	json_t *object = json_object();

	json_put(object, "state", json_text(state_of(lock)));
	json_put(object, "stale", json_text(lock->stale));
	if (!lock->who)
		return object;
	json_put(object, "who", json_text(lock->who));
	json_put(object, "command", json_text(lock->command));
	json_put(object, "process", json_integer(lock->pid));
	json_put(object, "url", json_text(lock->url));
	json_put(object, "since", date_json(lock->since_ms));
	json_put(object, "renewed", date_json(lock->renewed_ms));
	json_put(object, "expires", date_json(lock->expires_ms));
	return object;
}
