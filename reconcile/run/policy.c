/* SPDX-License-Identifier: MIT */
/*
 * Policy: what a file says of rules and guards, held where nobody accepted it,
 * and then made as strict as the operator's own file, which lies where a pull
 * request cannot reach it (threats T4).
 */
#include "run/road.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "schema/schema.h"
#include "shape/shape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The limits of a plan: the smaller one is the stricter. */
static const struct {
	const char *name;
	size_t offset;
} limits[] = {
	{ "maxChanges", offsetof(struct policy, max_changes) },
	{ "maxDeletePercent", offsetof(struct policy, max_delete_percent) },
	{ "maxDeletes", offsetof(struct policy, max_deletes) },
	{ "maxMissing", offsetof(struct policy, max_missing) },
};

static void tighten_guards(struct policy *policy, const struct node *map)
{
	for (size_t i = 0; i < LENGTH(limits); i++) {
		void *at = (char *)policy + limits[i].offset;
		unsigned *limit = at;
		const int64_t said =
			node_integer(node_get(map, limits[i].name), *limit);

		if (said >= 0 && said < *limit)
			*limit = (unsigned)said;
	}
	policy->prune =
		policy->prune && node_boolean(node_get(map, "prune"), true);
}

static const char *operator_file(const struct run *run)
{
	const char *set = variables_get(run->variables, "TRUEUP_POLICY");

	if (run->options.policy)
		return run->options.policy;
	return set && *set ? set : NULL;
}

char *road_outside(struct run *run, const struct road *road, const char *said,
                   const char *what)
{
	const char *root = source_root(road->source);
	const size_t length = root ? strlen(root) : 0;
	char *path = path_real(said);

	if (!path) {
		diag_error(run->diag, CODE_FILE_UNREADABLE, PLACE_NONE,
		           "%s `%s` cannot be read: %s; correct the path", what,
		           said, strerror(errno));
		return NULL;
	}
	if (root && strncmp(path, root, length) == 0 &&
	    (path[length] == '/' || str_equal(root, "/"))) {
		diag_error(run->diag, CODE_POLICY_INSIDE, PLACE_NONE,
		           "%s `%s` lies inside the root `%s`, where the files "
		           "could change it; put it elsewhere",
		           what, said, root);
		free(path);
		return NULL;
	}
	return path;
}

static int read_operator_file(struct run *run, struct road *road,
                              const char *said)
{
	CLEANUP(shape_freep)
	struct shape *shape = shape_embedded("policy.schema.json");
	CLEANUP(textp)
	char *path = road_outside(run, road, said, "the operator's policy");
	CLEANUP(buffer_release) struct buffer text = { 0 };
	CLEANUP(lint_policy_freep) struct lint_policy *policy = NULL;
	const struct node *root;
	int result;

	if (!path || file_read(path, LIMIT_FILE_BYTES, &text, run->diag) < 0)
		return -1;
	root = document_parse(road->documents, said, text.bytes, text.length,
	                      run->diag);
	if (!root)
		return -1;
	result = shape_check(shape, road->documents, root, run->diag);
	policy = lint_policy_read(road->documents, root, run->diag);
	if (result < 0 || !policy)
		return -1;
	if (road->lint_policy)
		lint_policy_tighten(road->lint_policy, policy);
	tighten_guards(&road->environment.policy, node_get(root, "policy"));
	return 0;
}

int road_policy(struct run *run, struct road *road)
{
	const char *said = operator_file(run);
	int result = 0;

	road->lint_policy =
		lint_policy_read(road->documents, road->root, run->diag);
	if (!road->lint_policy)
		result = -1;
	/* What the base waives was reviewed when it went there. */
	else if (!(run->options.flags & RUN_ACCEPT_WAIVERS) &&
	         !run->options.trust_base)
		lint_policy_hold(road->lint_policy, road_fail_on(run));
	if (said && read_operator_file(run, road, said) < 0)
		result = -1;
	return result;
}
