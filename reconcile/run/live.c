/* SPDX-License-Identifier: MIT */
/* The platform's part of the road: key, connection, live state, intents. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

/* The file is the operator's: its folder is allowed. */
enum secret_found road_secret_file(struct run *run, const char *path,
                                   struct secret **out)
{
	CLEANUP(textp) char *folder = path_folder(path);
	CLEANUP(textp)
	char *source =
		xasprintf("file:%s", path[0] == '/' ? path : path_name(path));
	const char *const folders[] = { folder };
	const struct secret_settings settings = {
		.variables = run->variables,
		.root = folder,
		.folders = folders,
		.folder_count = 1,
	};

	return secret_resolve(&settings, source, PLACE_NONE, out, run->diag);
}

static int resolve_api_key(struct run *run, struct road *road)
{
	const struct environment *environment = &road->environment;
	enum secret_found found;

	if (run->options.api_key_file)
		found = road_secret_file(run, run->options.api_key_file,
		                         &road->api_key);
	else
		found = secret_resolve(
			&road->secret_settings, environment->api_key_source,
			environment->api_key_place, &road->api_key, run->diag);
	if (found == SECRET_UNRESOLVED && run->options.api_key_file)
		return diag_error(run->diag, CODE_API_KEY, PLACE_NONE,
		                  "there is no `%s` to read the API key from; "
		                  "correct --api-key-file",
		                  run->options.api_key_file);
	if (found == SECRET_UNRESOLVED)
		return diag_error(run->diag, CODE_API_KEY,
		                  environment->api_key_place,
		                  "the API key `%s` is not there; set it, or "
		                  "give --api-key-file",
		                  environment->api_key_source);
	return found == SECRET_RESOLVED ? 0 : -1;
}

/* --allow-host and the comma list of $TRUEUP_ALLOW_HOSTS. */
static void collect_hosts(struct run *run, struct road *road)
{
	const struct texts *said = &run->options.allow_hosts;
	const char *more = variables_get(run->variables, "TRUEUP_ALLOW_HOSTS");
	size_t capacity = said->count;
	char *rest = NULL;

	road->allow_hosts = xcalloc(capacity + 1, sizeof(char *));
	for (size_t i = 0; i < said->count; i++)
		road->allow_hosts[road->allow_host_count++] = said->items[i];
	road->allow_hosts_text = xstrdup(more ? more : "");
	for (char *host = strtok_r(road->allow_hosts_text, ", ", &rest); host;
	     host = strtok_r(NULL, ", ", &rest)) {
		road->allow_hosts =
			xgrow(road->allow_hosts, road->allow_host_count,
		              &capacity, sizeof(char *));
		road->allow_hosts[road->allow_host_count++] = host;
	}
}

static void set_http(struct run *run, struct road *road)
{
	const struct options *options = &run->options;

	road->http = (struct http_settings){
		.clock = run->clock,
		.user_agent = "trueup/" TRUEUP_VERSION,
		.timeout_ms = options->timeout_ms,
		.parallelism = options->parallelism,
		.max_rps = options->max_rps,
		.ca_file = options->ca_file,
		.stopping = road_wait_on,
		.stopping_context = road_keeper(run, road),
		.trace = options->flags & RUN_DEBUG ? run->talk : NULL,
	};
}

void road_network(struct run *run, struct road *road)
{
	if (road->allow_hosts)
		return;
	collect_hosts(run, road);
	set_http(run, road);
}

static int open_platform(struct run *run, struct road *road)
{
	const struct environment *environment = &road->environment;
	struct platform_settings settings = {
		.url = environment->url ? environment->url
		                        : binding_url(road->binding),
		.url_place = environment->url_place,
		.place = environment->place,
		.binding_place = environment->binding_place,
		.allow_bindings = run->options.allow_bindings.items,
		.allow_binding_count = run->options.allow_bindings.count,
		.api_key = road->api_key,
		.parameters = environment->parameters,
		.http = &road->http,
	};

	road_network(run, road);
	settings.allow_hosts = road->allow_hosts;
	settings.allow_host_count = road->allow_host_count;
	road->platform = platform_open(road->binding, &settings, run->diag);
	return road->platform ? 0 : -1;
}

int road_connect(struct run *run, struct road *road)
{
	if (resolve_api_key(run, road) < 0)
		return -1;
	return open_platform(run, road);
}

int road_list(struct run *run, struct road *road)
{
	if (binding_is_manual(road->binding))
		return road_recall(run, road);
	if (road_connect(run, road) < 0)
		return -1;
	road->live = platform_list(road->platform, run->diag);
	road->list_requests = platform_requests(road->platform);
	if (!road->live)
		return -1;
	return apply_resolve(road->applied, road->live, road->intents,
	                     road->intent_count, &road->resolved, run->diag);
}
