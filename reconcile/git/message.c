/* SPDX-License-Identifier: MIT */
#include "git/message.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t null_length = UINT64_MAX;

/* ---- writing ---- */

static void put_number(char out[8], uint64_t number)
{
	for (size_t i = 0; i < 8; i++)
		out[i] = (char)(number >> (56 - 8 * i));
}

static void add(struct message *message, const void *bytes, size_t length)
{
	if (message->capacity - message->length < length) {
		const size_t capacity = (message->length + length) * 2;
		char *grown = xmalloc(capacity);

		/* No realloc(): what it leaves behind is not wiped. */
		memcpy(grown, message->bytes, message->length);
		explicit_bzero(message->bytes, message->length);
		free(message->bytes);
		message->bytes = grown;
		message->capacity = capacity;
	}
	if (length)
		memcpy(message->bytes + message->length, bytes, length);
	message->length += length;
}

void message_start(struct message *message)
{
	*message = (struct message){
		.bytes = xcalloc(1, 256),
		.length = MESSAGE_HEADER_BYTES,
		.capacity = 256,
	};
}

void message_release(struct message *message)
{
	if (message->bytes)
		explicit_bzero(message->bytes, message->length);
	free(message->bytes);
}

void message_number(struct message *message, uint64_t number)
{
	char bytes[8];

	put_number(bytes, number);
	add(message, bytes, sizeof(bytes));
}

void message_bytes(struct message *message, const void *bytes, size_t length)
{
	message_number(message, length);
	add(message, bytes, length);
}

void message_text(struct message *message, const char *text)
{
	if (text)
		message_bytes(message, text, strlen(text));
	else
		message_number(message, null_length);
}

void message_cut(struct message *message, size_t length)
{
	message->length = MESSAGE_HEADER_BYTES + length;
}

void message_patch(struct message *message, size_t at,
                   const struct message *other)
{
	memcpy(message->bytes + MESSAGE_HEADER_BYTES + at,
	       other->bytes + MESSAGE_HEADER_BYTES,
	       other->length - MESSAGE_HEADER_BYTES);
}

void message_finish(struct message *message)
{
	put_number(message->bytes, message->length - MESSAGE_HEADER_BYTES);
}

/* ---- reading ---- */

uint64_t message_announced(const unsigned char header[MESSAGE_HEADER_BYTES])
{
	uint64_t number = 0;

	for (size_t i = 0; i < MESSAGE_HEADER_BYTES; i++)
		number = number << 8 | header[i];
	return number;
}

static void break_off(struct reader *reader)
{
	reader->broken = true;
	reader->left = 0;
}

uint64_t field_number(struct reader *reader)
{
	unsigned char bytes[8];

	if (reader->left < sizeof(bytes)) {
		break_off(reader);
		return 0;
	}
	memcpy(bytes, reader->bytes, sizeof(bytes));
	reader->bytes += sizeof(bytes);
	reader->left -= sizeof(bytes);
	return message_announced(bytes);
}

uint64_t field_number_below(struct reader *reader, uint64_t max)
{
	const uint64_t number = field_number(reader);

	if (number <= max)
		return number;
	break_off(reader);
	return 0;
}

/* The bytes of a field, inside the message; NULL for NULL and when broken. */
static const char *take(struct reader *reader, size_t *length)
{
	const uint64_t said = field_number(reader);
	const char *bytes = reader->bytes;

	*length = 0;
	if (reader->broken || said == null_length)
		return NULL;
	if (said > reader->left) {
		break_off(reader);
		return NULL;
	}
	*length = (size_t)said;
	reader->bytes += said;
	reader->left -= (size_t)said;
	return bytes;
}

char *field_text(struct reader *reader)
{
	size_t length;
	const char *bytes = take(reader, &length);

	if (!bytes)
		return NULL;
	if (memchr(bytes, '\0', length)) {
		break_off(reader);
		return NULL;
	}
	return xstrndup(bytes, length);
}

char *field_word(struct reader *reader)
{
	char *text = field_text(reader);

	return text ? text : xstrdup("");
}

void field_bytes(struct reader *reader, struct buffer *out)
{
	size_t length;
	const char *bytes = take(reader, &length);

	out->bytes = xmalloc(length + 1);
	if (length)
		memcpy(out->bytes, bytes, length);
	out->bytes[length] = '\0';
	out->length = length;
}

struct git_id field_id(struct reader *reader)
{
	CLEANUP(textp) char *text = field_text(reader);
	struct git_id id = { "" };

	if (text && text[0] && git_id_parse(text, &id) < 0)
		break_off(reader);
	return id;
}

bool fields_done(const struct reader *reader)
{
	return !reader->broken && !reader->left;
}
