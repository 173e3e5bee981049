/* SPDX-License-Identifier: MIT */
/* Config show: the merged environment, and with --origin where each value
 * came from. Secrets are references, shown as set or unset. */
#include "run/road.h"
#include "run/tree.h"

#include "base/text.h"
#include "schema/schema.h"

static bool is_reference(const struct node *map)
{
	return map->count == 1 &&
	       (node_get(map, "env") || node_get(map, "file")) &&
	       node_value(map, 0)->type == NODE_SCALAR;
}

static void write_scalar(struct yaml_writer *writer, const struct node *node)
{
	if (node_scalar(node) == SCALAR_STRING)
		yaml_text(writer, node->text);
	else
		yaml_plain(writer, node->text[0] ? node->text : "null");
}

void tree_write(struct yaml_writer *writer, const struct node *node)
{
	if (!node || node->type == NODE_SCALAR) {
		if (node)
			write_scalar(writer, node);
		else
			yaml_plain(writer, "null");
		return;
	}
	if (node->type == NODE_SEQUENCE) {
		yaml_list(writer);
		for (size_t i = 0; i < node->count; i++)
			tree_write(writer, node_item(node, i));
		yaml_list_end(writer);
		return;
	}
	if (is_reference(node))
		yaml_flow_map(writer);
	else
		yaml_map(writer);
	for (size_t i = 0; i < node->count; i++) {
		yaml_text(writer, node_key(node, i)->text);
		tree_write(writer, node_value(node, i));
	}
	yaml_map_end(writer);
}

/* Whether a reference would resolve; its value is checked and dropped. */
static const char *reference_state(struct run *run, const struct road *road,
                                   const struct node *map)
{
	CLEANUP(secret_freep) struct secret *secret = NULL;
	CLEANUP(diag_freep) struct diag *unseen = diag_new();
	CLEANUP(textp)
	char *source = xasprintf("%s:%s", node_key(map, 0)->text,
	                         node_value(map, 0)->text);
	const struct place place = node_place(road->documents, map);

	(void)run;
	switch (secret_resolve(&road->secret_settings, source, place, &secret,
	                       unseen)) {
	case SECRET_RESOLVED:
		return "set";
	case SECRET_UNRESOLVED:
		return "unset";
	case SECRET_REFUSED:
		break;
	}
	return "refused";
}

static void show_line(struct run *run, const struct road *road,
                      const char *path, const struct node *node,
                      const char *text)
{
	const struct place place = node_place(road->documents, node);

	fputs(path, run->out);
	fputs(": ", run->out);
	text_write_safe(run->out, text, strlen(text));
	fprintf(run->out, "  # %s:%u:%u\n", place.file, place.line,
	        place.column);
}

/* One line a value: its path, the value, its place. */
static void show_origins(struct run *run, const struct road *road,
                         const char *path, const struct node *node)
{
	if (node->type == NODE_SCALAR) {
		show_line(run, road, path, node,
		          node->text[0] ? node->text : "\"\"");
		return;
	}
	if (node->type == NODE_MAPPING && is_reference(node)) {
		CLEANUP(textp)
		char *shown =
			xasprintf("{ %s: %s } (%s)", node_key(node, 0)->text,
		                  node_value(node, 0)->text,
		                  reference_state(run, road, node));

		show_line(run, road, path, node, shown);
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		const bool map = node->type == NODE_MAPPING;
		const struct node *kid =
			map ? node_value(node, i) : node_item(node, i);
		CLEANUP(textp)
		char *below =
			map ? xasprintf("%s%s%s", path, path[0] ? "." : "",
		                        node_key(node, i)->text)
			    : xasprintf("%s[%zu]", path, i);

		show_origins(run, road, below, kid);
	}
}

static int show(struct run *run, const struct road *road)
{
	struct yaml_writer *writer;

	if (run->options.flags & RUN_ORIGIN) {
		show_origins(run, road, "", road->root);
		return 0;
	}
	writer = yaml_writer_new(run->out);
	tree_write(writer, road->root);
	if (yaml_writer_end(writer) < 0 || fflush(run->out) != 0)
		return road_unwritable(run);
	return 0;
}

int run_config_show(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(textp) char *file = road_file(run);

	road.entries_kept = true;
	if (!file || road_load(run, file, DESIRED_LENIENT, &road) < 0 ||
	    show(run, &road) < 0)
		return run_exit(run->diag);
	return 0;
}
