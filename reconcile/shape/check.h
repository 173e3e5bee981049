/* SPDX-License-Identifier: MIT */
/* Check: the parts of the walk over a tree; all return 0 or -1. */
#ifndef RECONCILE_SHAPE_CHECK_H
#define RECONCILE_SHAPE_CHECK_H

#include "shape/words.h"

/* The whole of a rule. */
int shape_check_node(struct check *check, const struct rule *rule,
                     const struct node *node, const struct step *step)
	MUST_CHECK;

/* Its keywords for texts and numbers. */
int shape_check_scalar(struct check *check, const struct rule *rule,
                       const struct node *node, const struct step *step)
	MUST_CHECK;

/* Its keywords for lists. */
int shape_check_list(struct check *check, const struct rule *rule,
                     const struct node *node, const struct step *step)
	MUST_CHECK;

/* Its keywords for mappings. */
int shape_check_mapping(struct check *check, const struct rule *rule,
                        const struct node *node, const struct step *step)
	MUST_CHECK;

/* Its keywords that hold other rules for the same value. */
int shape_check_branches(struct check *check, const struct rule *rule,
                         const struct node *node, const struct step *step)
	MUST_CHECK;

/* True when the rule is met; nothing is reported. */
bool shape_is_met(const struct check *check, const struct rule *rule,
                  const struct node *node);

#endif
