/* SPDX-License-Identifier: MIT */
#include "schema/codes.h"
#include "shape/check.h"

#include <float.h>
#include <stdlib.h>

/* ---- text ---- */

static size_t count_characters(const struct node *node)
{
	size_t count = 0;

	for (size_t i = 0; i < node->length; i++)
		count += (node->text[i] & 0xc0) != 0x80;
	return count;
}

static int report_length(struct check *check, const struct sizes *limit,
                         const struct node *node, const struct step *step)
{
	CLEANUP(textp) char *path = words_path(step);
	size_t length = count_characters(node);

	if (!length)
		return shape_report(check, CODE_BAD_VALUE, node,
		                    "%s must not be empty", path);
	if (length > limit->max)
		return shape_report(
			check, CODE_BAD_VALUE, node,
			"%s must have at most %zu characters; shorten it", path,
			limit->max);
	return shape_report(check, CODE_BAD_VALUE, node,
	                    "%s must have at least %zu characters", path,
	                    limit->min);
}

/* A character has one to four bytes: few texts have to be counted. */
static int check_length(struct check *check, const struct sizes *limit,
                        const struct node *node, const struct step *step)
{
	if (node->length <= limit->max && node->length / 4 >= limit->min)
		return 0;

	size_t length = count_characters(node);

	if (length <= limit->max && length >= limit->min)
		return 0;
	return check->diag ? report_length(check, limit, node, step) : -1;
}

static int check_pattern(struct check *check, const struct rule *rule,
                         const struct node *node, const struct step *step)
{
	if (!rule->pattern ||
	    pattern_matches(rule->pattern, node->text, node->length))
		return 0;
	if (!check->diag)
		return -1;

	CLEANUP(textp) char *path = words_path(step);
	CLEANUP(textp) char *instead = words_instead(check, node);

	if (rule->expected)
		return shape_report(check, CODE_BAD_VALUE, node,
		                    "%s must be %s%s", path, rule->expected,
		                    instead);
	return shape_report(check, CODE_BAD_VALUE, node,
	                    "%s must match the pattern `%s`%s", path,
	                    rule->pattern_text, instead);
}

/* ---- numbers ---- */

static int report_number(struct check *check, const struct node *node,
                         const struct step *step, const char *than,
                         double limit)
{
	CLEANUP(textp) char *path = words_path(step);
	CLEANUP(textp) char *instead = words_instead(check, node);

	return shape_report(check, CODE_BAD_VALUE, node, "%s must be %s %g%s",
	                    path, than, limit, instead);
}

static bool is_multiple(double number, double of)
{
	double times = fabs(number / of);

	if (!(times < 0x1p53)) /* too large to tell, or no number */
		return isfinite(times);

	double whole = (double)(int64_t)(times + 0.5);

	return fabs(times - whole) <= 4 * DBL_EPSILON * (1 + times);
}

/* Comparing with NaN, where nothing is said, is never true. */
static int check_number(struct check *check, const struct rule *rule,
                        const struct node *node, const struct step *step)
{
	double number = node_number(node);

	if (number < rule->minimum)
		return report_number(check, node, step, "at least",
		                     rule->minimum);
	if (number > rule->maximum)
		return report_number(check, node, step, "at most",
		                     rule->maximum);
	if (number <= rule->above)
		return report_number(check, node, step, "more than",
		                     rule->above);
	if (number >= rule->below)
		return report_number(check, node, step, "less than",
		                     rule->below);
	if (!isnan(rule->multiple_of) &&
	    !is_multiple(number, rule->multiple_of))
		return report_number(check, node, step, "a multiple of",
		                     rule->multiple_of);
	return 0;
}

int shape_check_scalar(struct check *check, const struct rule *rule,
                       const struct node *node, const struct step *step)
{
	enum kind kind = shape_kind(node);
	int result;

	if (kind == KIND_INTEGER || kind == KIND_FRACTION)
		return check_number(check, rule, node, step);
	if (kind != KIND_TEXT)
		return 0;
	result = check_length(check, &rule->length_limit, node, step);
	if (result < 0)
		return result;
	return check_pattern(check, rule, node, step);
}
