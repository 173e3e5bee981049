/* SPDX-License-Identifier: MIT */
/* Separation of environments: E1-E6. Every environment gets a finding of its
 * own, which names the other. */
#include "lint/check.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>

/* ---- equal values: E1, E2 ---- */

typedef bool equal_fn(const struct sighting *a, const struct sighting *b);
typedef void shared_fn(struct lint_pass *pass, const struct sighting *here,
                       const struct sighting *there);

static bool equal_value(const struct sighting *a, const struct sighting *b)
{
	return a->value == b->value || strcmp(a->value, b->value) == 0;
}

static bool equal_group(const struct sighting *a, const struct sighting *b)
{
	return a->group == b->group;
}

static const struct sighting *find_elsewhere(const struct sighting *items,
                                             size_t count,
                                             const struct lint_pass *pass)
{
	for (size_t i = 0; i < count; i++) {
		if (items[i].pass != pass)
			return &items[i];
	}
	return NULL;
}

/* Calls `shared` for each value of this pass that stands in another one. */
static void each_shared(struct lint_pass *pass,
                        const struct sightings *sightings, equal_fn *is_equal,
                        shared_fn *shared)
{
	const struct sighting *items = sightings->items;

	for (size_t i = 0, end; i < sightings->count; i = end) {
		const struct sighting *there;

		for (end = i + 1;
		     end < sightings->count && is_equal(&items[i], &items[end]);
		     end++)
			;
		there = find_elsewhere(&items[i], end - i, pass);
		for (size_t j = i; there && j < end; j++) {
			if (items[j].pass == pass)
				shared(pass, &items[j], there);
		}
	}
}

static void share_id(struct lint_pass *pass, const struct sighting *here,
                     const struct sighting *there)
{
	const struct about about = {
		.subject = here->subject,
		.field = "client.id",
		.detail = pass_name(there->pass),
		.sensitive = here->subject->id_flags & ID_SENSITIVE,
	};

	report(pass, about,
	       "`%s` is also the client id of `%s/%s`; register an app for "
	       "each environment",
	       about.sensitive ? "client.id" : here->value,
	       pass_name(there->pass), there->subject->config->key);
}

void check_environment_client_id(struct lint_pass *pass)
{
	each_shared(pass, &pass->crowd->ids, equal_value, share_id);
}

static void share_source(struct lint_pass *pass, const struct sighting *here,
                         const struct sighting *there)
{
	report(pass,
	       about_detail(here->subject, here->reference->name,
	                    pass_name(there->pass)),
	       "`%s` is also the source of `%s/%s`; name another for each "
	       "environment",
	       here->value, pass_name(there->pass),
	       there->subject->config->key);
}

void check_environment_secret_source(struct lint_pass *pass)
{
	each_shared(pass, &pass->crowd->sources, equal_value, share_source);
}

static void share_value(struct lint_pass *pass, const struct sighting *here,
                        const struct sighting *there)
{
	report(pass,
	       about_detail(here->subject, here->reference->name,
	                    pass_name(there->pass)),
	       "`%s` and `%s` of `%s/%s` hold the same secret; make a new one "
	       "for one of them",
	       here->value, there->value, pass_name(there->pass),
	       there->subject->config->key);
}

void check_environment_secret_value(struct lint_pass *pass)
{
	each_shared(pass, &pass->crowd->values, equal_group, share_value);
}

void check_environment_secret_unchecked(struct lint_pass *pass)
{
	const struct sightings *sources = &pass->crowd->sources;
	size_t total = 0, unknown = 0;

	for (size_t i = 0; i < sources->count; i++) {
		if (sources->items[i].pass != pass)
			continue;
		total++;
		unknown += !sources->items[i].group;
	}
	if (unknown)
		report(pass, (struct about){ 0 },
		       "%zu of %zu secrets of `%s` were not compared with "
		       "those of other environments: their values are not at "
		       "hand",
		       unknown, total, pass_name(pass));
}

/* ---- hosts: E3, E4 ---- */

typedef bool host_fn(const struct uri *uri);

/* The platform's own callback is no host of ours. */
static bool is_own_host(const struct lint_pass *pass,
                        const struct subject *subject)
{
	return subject->redirect_uri && uri_is_web(subject->uri) &&
	       !str_equal(subject->redirect_uri, pass->environment->callback);
}

/* The first subject from `at` on whose URI is at such a host; NULL: none.
 * Neighbours have most likely one URI. */
static const struct subject *find_host(const struct lint_pass *pass, size_t *at,
                                       host_fn *is_wrong)
{
	const struct uri *right = NULL;

	for (; pass->any_redirect && *at < pass->count; ++*at) {
		const struct subject *subject = &pass->subjects[*at];

		if (subject->uri == right)
			continue;
		if (is_own_host(pass, subject) && is_wrong(subject->uri))
			return &pass->subjects[(*at)++];
		right = subject->uri;
	}
	return NULL;
}

void check_environment_dev_host(struct lint_pass *pass)
{
	const struct subject *subject;
	size_t at = 0;

	if (pass->kind != KIND_PRODUCTION)
		return;
	while ((subject = find_host(pass, &at, host_is_development)) != NULL)
		report(pass, about_field(subject, "redirectUri"),
		       "`%s` is at a development host, but `%s` is "
		       "production; write the application's own host",
		       subject->redirect_uri, pass_name(pass));
}

void check_environment_prod_host(struct lint_pass *pass)
{
	const struct subject *subject;
	size_t at = 0;

	if (pass->kind != KIND_DEVELOPMENT)
		return;
	while ((subject = find_host(pass, &at, host_is_production)) != NULL)
		report(pass, about_field(subject, "redirectUri"),
		       "`%s` is at a production host, but `%s` is for "
		       "development; write a host of its own",
		       subject->redirect_uri, pass_name(pass));
}

/* ---- names: E5 ---- */

/* The file's name without its ending. */
static char *stem_of(const char *file)
{
	const char *name = path_name(file), *dot = strrchr(name, '.');

	return dot && dot > name ? xstrndup(name, (size_t)(dot - name))
	                         : xstrdup(name);
}

static bool names_another(const struct lint_pass *pass, const char *part)
{
	const enum environment_kind kind = kind_of(part, strlen(part));

	if (strcmp(part, pass_name(pass)) == 0)
		return false;
	for (size_t i = 0; i < pass->crowd->count; i++) {
		if (strcmp(part, pass_name(&pass->crowd->passes[i])) == 0)
			return true;
	}
	return kind != KIND_UNKNOWN && pass->kind != KIND_UNKNOWN &&
	       kind != pass->kind;
}

/* The file's own name agrees: then its folder may be called anything. */
static bool names_this(const struct lint_pass *pass, const char *part)
{
	const enum environment_kind kind = kind_of(part, strlen(part));

	return strcmp(part, pass_name(pass)) == 0 ||
	       (kind != KIND_UNKNOWN && kind == pass->kind);
}

void check_environment_name(struct lint_pass *pass)
{
	const char *name = pass_name(pass), *file = pass->environment->file;
	CLEANUP(textp) char *stem = file ? stem_of(file) : xstrdup("");
	CLEANUP(textp) char *folder = file ? path_folder(file) : xstrdup("");

	if (!*name)
		report(pass, (struct about){ 0 },
		       "the environment has no name; write `environment: "
		       "NAME`");
	else if (*stem && names_another(pass, stem))
		report(pass, (struct about){ .detail = "file" },
		       "`%s` stands in the file `%s`, which names another "
		       "environment; correct one of the two",
		       name, file);
	else if (*folder && !names_this(pass, stem) &&
	         names_another(pass, path_name(folder)))
		report(pass, (struct about){ .detail = "folder" },
		       "`%s` stands in the folder `%s`, which names another "
		       "environment; correct one of the two",
		       name, folder);
}

/* ---- two files: E5, E6 ---- */

static const char *shown_file(const struct lint_pass *pass)
{
	return pass->environment->file ? pass->environment->file
	                               : pass_name(pass);
}

void check_environment_duplicate(struct lint_pass *pass)
{
	const struct crowd *crowd = pass->crowd;

	for (size_t i = 0; i < crowd->count; i++) {
		const struct lint_pass *other = &crowd->passes[i];

		if (other == pass || !*pass_name(pass) ||
		    strcmp(pass_name(other), pass_name(pass)) != 0)
			continue;
		report(pass, (struct about){ .detail = shown_file(other) },
		       "`%s` is named by `%s` too; give each file its own "
		       "environment",
		       pass_name(pass), shown_file(other));
		return;
	}
}

void check_environment_api_key(struct lint_pass *pass)
{
	const struct crowd *crowd = pass->crowd;
	const char *source = pass->environment->api_key_source;

	for (size_t i = 0; source && i < crowd->count; i++) {
		const struct lint_pass *other = &crowd->passes[i];

		if (other == pass ||
		    !str_equal(other->environment->api_key_source, source))
			continue;
		report(pass,
		       (struct about){
			       .field = "platform.apiKey",
			       .detail = pass_name(other),
			       .place = pass->environment->api_key_place },
		       "`%s` is the API key of `%s` too; give each "
		       "environment its own",
		       source, pass_name(other));
		return;
	}
}

void check_environment_origin(struct lint_pass *pass)
{
	const struct crowd *crowd = pass->crowd;
	const char *origin = pass->environment->origin;

	for (size_t i = 0; origin && i < crowd->count; i++) {
		const struct lint_pass *other = &crowd->passes[i];

		if (other == pass ||
		    !str_equal(other->environment->origin, origin))
			continue;
		report(pass,
		       (struct about){ .field = "platform.url",
		                       .detail = pass_name(other) },
		       "`%s` is the platform of `%s` too; only the API key "
		       "keeps the two apart",
		       origin, pass_name(other));
		return;
	}
}
