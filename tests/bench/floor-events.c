/* SPDX-License-Identifier: MIT */
/* floor-events FILE: libyaml's events over a file, and nothing else. */
#include "base/mem.h"

#include <yaml.h>

int main(int argc, char **argv)
{
	yaml_parser_t parser;
	yaml_event_t event;
	size_t events = 0;
	yaml_event_type_t type = YAML_NO_EVENT;
	CLEANUP(filep) FILE *in = argc == 2 ? fopen(argv[1], "rb") : NULL;

	if (!in || !yaml_parser_initialize(&parser))
		return 64;
	yaml_parser_set_input_file(&parser, in);
	while (type != YAML_STREAM_END_EVENT &&
	       yaml_parser_parse(&parser, &event)) {
		type = event.type;
		events++;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	printf("%zu events\n", events);
	return type == YAML_STREAM_END_EVENT ? 0 : 1;
}
