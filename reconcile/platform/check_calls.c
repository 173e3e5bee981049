/* SPDX-License-Identifier: MIT */
/* Where requests go, and what stands in their lines and headers. */
#include "platform/check.h"

#include "base/text.h"
#include "http/http.h"

#include <strings.h>

/* ---- the address, and what stands in it ---- */

void check_url(struct checker *checker)
{
	const struct binding *binding = checker->binding;
	CLEANUP(textp) char *origin = http_origin(binding->url);

	if (!origin)
		REFUSE(checker, binding->url_place,
		       "`%s` is no URL of a host; write https://host/path",
		       binding->url);
}

void check_headers(struct checker *checker)
{
	static const char *const ours[] = { "Accept-Encoding",  "Connection",
		                            "Content-Length",   "Content-Type",
		                            "Expect",           "Host",
		                            "Transfer-Encoding" };
	const struct named_templates *headers = &checker->binding->headers;
	size_t keys = 0;

	for (size_t i = 0; i < headers->count; i++) {
		const struct named_template *header = &headers->items[i];

		keys += template_count(&header->value, PIECE_KEY);
		if (template_count(&header->value, PIECE_ID) ||
		    template_count(&header->value, PIECE_VALUE))
			REFUSE(checker, header->value.place,
			       "a header holds neither {id} nor {value}; "
			       "remove it");
		for (size_t j = 0; j < LENGTH(ours); j++) {
			if (strcasecmp(header->name, ours[j]) == 0)
				REFUSE(checker, header->value.place,
				       "`%s` is set by trueup itself; remove "
				       "it",
				       header->name);
		}
	}
	if (keys != 1)
		REFUSE(checker, headers->items[0].value.place,
		       "{secret.apiKey} stands %zu times in the headers; "
		       "write it once",
		       keys);
}

static void check_path(struct checker *checker,
                       const struct operation *operation, size_t ids)
{
	const struct template *path = &operation->path;

	if (template_count(path, PIECE_ID) != ids)
		REFUSE(checker, path->place,
		       ids ? "the path must hold {id} once"
		           : "the path is of no object; remove {id}");
}

/* Only connections may be asked for by an id in the query. */
static void check_query(struct checker *checker,
                        const struct operation *operation)
{
	const bool counts = operation == &checker->binding->counting.operation;

	for (size_t i = 0; i < operation->query.count; i++) {
		const struct template *value = &operation->query.items[i].value;

		if (template_count(value, PIECE_KEY) ||
		    template_count(value, PIECE_VALUE) ||
		    (!counts && template_count(value, PIECE_ID)))
			REFUSE(checker, value->place,
			       "a query holds neither key nor {id}; remove "
			       "it");
	}
}

static void check_line(struct checker *checker,
                       const struct operation *operation)
{
	const struct template *path = &operation->path;
	const bool sets = operation == &checker->binding->enabling.operation;

	if (template_count(path, PIECE_KEY))
		REFUSE(checker, path->place,
		       "the API key goes into a header, not into the path");
	if (template_count(path, PIECE_VALUE) != (sets ? 1 : 0))
		REFUSE(checker, path->place,
		       sets ? "the path must hold {value} once"
		            : "{value} is for `setEnabled`; remove it");
	check_query(checker, operation);
}

void check_paths(struct checker *checker)
{
	const struct binding *binding = checker->binding;

	check_path(checker, &binding->list, 0);
	for (size_t i = 0; i < binding->creates.count; i++)
		check_path(checker, &binding->creates.items[i], 0);
	for (size_t i = 0; i < binding->updates.count; i++)
		check_path(checker, &binding->updates.items[i], 1);
	if (binding->get.method)
		check_path(checker, &binding->get, 1);
	if (binding->remove.method)
		check_path(checker, &binding->remove, 1);
	if (binding->enabling.operation.method)
		check_path(checker, &binding->enabling.operation, 1);
	checker_each(checker, check_line);
}

/* ---- parameters ---- */

static bool is_declared(const struct binding *binding, const char *name)
{
	for (size_t i = 0; i < binding->parameter_count; i++) {
		if (str_equal(binding->parameters[i].name, name))
			return true;
	}
	return false;
}

static void check_declared(struct checker *checker,
                           const struct template *template)
{
	for (size_t i = 0; i < template->count; i++) {
		const struct piece *piece = &template->pieces[i];

		if (piece->kind == PIECE_PARAMETER &&
		    !is_declared(checker->binding, piece->text))
			REFUSE(checker, template->place,
			       "`%s` is not among the `parameters`; add it",
			       piece->text);
	}
}

static void check_all_declared(struct checker *checker,
                               const struct named_templates *templates)
{
	for (size_t i = 0; i < templates->count; i++)
		check_declared(checker, &templates->items[i].value);
}

static void check_parameters_of(struct checker *checker,
                                const struct operation *operation)
{
	check_declared(checker, &operation->path);
	check_all_declared(checker, &operation->query);
}

void check_parameters(struct checker *checker)
{
	check_all_declared(checker, &checker->binding->headers);
	checker_each(checker, check_parameters_of);
}

/* ---- pages ---- */

void check_page_of(struct checker *checker, const struct page *page)
{
	const char *problem = paging_problem(page);

	if (problem)
		REFUSE(checker, page->place, "this kind of paging %s", problem);
}

void check_page(struct checker *checker)
{
	check_page_of(checker, &checker->binding->page);
	if (checker->binding->then_get && !checker->binding->get.method)
		REFUSE(checker, checker->binding->list.place,
		       "`thenGet` needs `get`; add it");
}
