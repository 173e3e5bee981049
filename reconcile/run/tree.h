/* SPDX-License-Identifier: MIT */
/* Tree: a document tree written back as YAML. */
#ifndef RECONCILE_RUN_TREE_H
#define RECONCILE_RUN_TREE_H

struct node;
struct yaml_writer;

/* Maps of one reference ({ env: X }, { file: X }) stand on one line. */
void tree_write(struct yaml_writer *writer, const struct node *node);

#endif
