/* SPDX-License-Identifier: MIT */
/* What becomes of a reply on the wire: sent, cut off, or none at all. */
#include "http/server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* A connection that is not connected any more answers with RST at once; a
 * lingering time of 0 alone would let libmicrohttpd's shutdown send FIN. */
enum MHD_Result fate_reset(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

	(void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &at_once,
	                 sizeof(at_once));
	(void)connect(info->connect_fd, &nowhere, sizeof(nowhere));
	return MHD_NO;
}

/* ---- half an answer ---- */

struct cut {
	char *body;
	size_t length;
};

/* libmicrohttpd announced twice as much, and closes on this error. */
static ssize_t read_half(void *context, uint64_t at, char *out, size_t room)
{
	const struct cut *cut = context;
	size_t left = cut->length / 2 - (size_t)at;

	if (left == 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (left > room)
		left = room;
	memcpy(out, cut->body + at, left);
	return (ssize_t)left;
}

static void free_cut(void *context)
{
	struct cut *cut = context;

	free(cut->body);
	free(cut);
}

static struct MHD_Response *cut_response(const struct http_reply *reply)
{
	struct cut *cut = xcalloc(1, sizeof(*cut));
	struct MHD_Response *response;

	*cut = (struct cut){ reply->body, reply->body_length };
	response = MHD_create_response_from_callback(reply->body_length, 4096,
	                                             read_half, cut, free_cut);
	if (!response)
		free(cut);
	return response;
}

struct MHD_Response *fate_response(struct http_reply *reply)
{
	struct MHD_Response *response =
		reply->fate == HTTP_FATE_CUT
			? cut_response(reply)
			: MHD_create_response_from_buffer(
				  reply->body_length, reply->body,
				  MHD_RESPMEM_MUST_FREE);

	if (!response) /* it frees the body only when it is made */
		free(reply->body);
	for (size_t i = 0; response && i < reply->header_count; i++)
		(void)MHD_add_response_header(response, reply->headers[i].name,
		                              reply->headers[i].value);
	return response;
}
