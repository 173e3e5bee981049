/* SPDX-License-Identifier: MIT */
/*
 * A row's body, version 1: one blob, so that reading a row is one pass over
 * memory and comparing or signing it needs no decoding.
 *
 *     body    = 0x01 flags updated_at applied_at_ms sent [seen] secrets retired
 *     flags   = 0x01: `seen` is left out, being the same as `sent`
 *     sent    = count { name kind bytes }     kind: a u t b s j, see `kinds`
 *     secrets = count { name bits key_id version source hint_seen set_at_ms
 *                       [fingerprint: 32 bytes, when the bit says so] }
 *     retired = count { id }
 *     bytes   = size byte… 0x00               size counts the NUL; 0: NULL
 *     others  = bytes without NULs inside
 *     numbers = LEB128: seven bits a byte, the lowest first
 *
 * The NULs make texts usable where they lie. Members are in the state's order,
 * so equal rows have equal bodies.
 */
#include "ledger/store.h"

#include <string.h>

enum { BODY_VERSION = 1 };
enum body_flags { BODY_SEEN_AS_SENT = 1 << 0 };
enum secret_bits {
	SECRET_IS_KNOWN = 1 << 0,
	SECRET_IS_FINGERPRINTED = 1 << 1,
	SECRET_IS_IN_DOUBT = 1 << 2,
};

static const char kinds[] = {
	[VALUE_ABSENT] = 'a',  [VALUE_UNREADABLE] = 'u', [VALUE_TEXT] = 't',
	[VALUE_BOOLEAN] = 'b', [VALUE_SET] = 's',        [VALUE_JSON] = 'j',
};

/* ---- writing ---- */

/* One stream a row would be half of what an apply spends on its rows. */
struct writer {
	char *bytes;
	size_t length, capacity;
};

static void put(struct writer *out, const void *bytes, size_t length)
{
	if (length > out->capacity - out->length) {
		out->capacity = 2 * out->capacity + length;
		out->bytes = xreallocarray(out->bytes, out->capacity, 1);
	}
	memcpy(out->bytes + out->length, bytes, length);
	out->length += length;
}

static void put_byte(struct writer *out, unsigned byte)
{
	const char character = (char)byte;

	put(out, &character, 1);
}

static void put_number(struct writer *out, uint64_t number)
{
	for (; number > 0x7f; number >>= 7)
		put_byte(out, (unsigned)(number & 0x7f) | 0x80);
	put_byte(out, (unsigned)number);
}

static void put_bytes(struct writer *out, const char *bytes, size_t length)
{
	put_number(out, bytes ? length + 1 : 0);
	if (!bytes)
		return;
	put(out, bytes, length);
	put_byte(out, '\0');
}

static void put_text(struct writer *out, const char *text)
{
	put_bytes(out, text, text ? strlen(text) : 0);
}

static void put_fields(struct writer *out, const struct field *fields,
                       size_t count)
{
	put_number(out, count);
	for (size_t i = 0; i < count; i++) {
		put_text(out, fields[i].name);
		put_byte(out, (unsigned char)kinds[fields[i].kind]);
		put_bytes(out, fields[i].bytes ? fields[i].bytes : "",
		          fields[i].length);
	}
}

static void put_record(struct writer *out, const struct secret_record *record)
{
	unsigned bits = 0;

	bits |= record->known ? SECRET_IS_KNOWN : 0U;
	bits |= record->fingerprinted ? SECRET_IS_FINGERPRINTED : 0U;
	bits |= record->in_doubt ? SECRET_IS_IN_DOUBT : 0U;
	put_text(out, record->name);
	put_number(out, bits);
	put_text(out, record->key_id);
	put_text(out, record->version);
	put_text(out, record->source);
	put_text(out, record->hint_seen);
	put_number(out, (uint64_t)record->set_at_ms);
	if (record->fingerprinted)
		put(out, record->fingerprint, FINGERPRINT_BYTES);
}

static bool seen_as_sent(const struct auth_config *row)
{
	if (row->field_count != row->seen_count)
		return false;
	for (size_t i = 0; i < row->field_count; i++) {
		const struct value sent = field_value(&row->fields[i]);
		const struct value seen = field_value(&row->seen[i]);

		if (strcmp(row->fields[i].name, row->seen[i].name) != 0 ||
		    !value_equal(&sent, &seen))
			return false;
	}
	return true;
}

static void put_body(struct writer *out, const struct auth_config *row)
{
	const bool same = seen_as_sent(row);

	put_byte(out, BODY_VERSION);
	put_number(out, same ? BODY_SEEN_AS_SENT : 0U);
	put_text(out, row->updated_at);
	put_number(out, (uint64_t)row->applied_at_ms);
	put_fields(out, row->fields, row->field_count);
	if (!same)
		put_fields(out, row->seen, row->seen_count);
	put_number(out, row->record_count);
	for (size_t i = 0; i < row->record_count; i++)
		put_record(out, &row->records[i]);
	put_number(out, row->retired_count);
	for (size_t i = 0; i < row->retired_count; i++)
		put_text(out, row->retired[i]);
}

char *body_write(const struct auth_config *row, size_t *length)
{
	struct writer out = { .capacity = 256 };

	out.bytes = xmalloc(out.capacity);
	put_body(&out, row);
	*length = out.length;
	return out.bytes;
}

/* ---- reading ---- */

/* After anything odd `broken` is set and all that follows is nothing. */
struct reader {
	const unsigned char *at, *end;
	bool broken;
};

static uint64_t take_number(struct reader *reader)
{
	uint64_t number = 0;

	for (unsigned shift = 0; shift < 64 && reader->at < reader->end;
	     shift += 7) {
		const unsigned char byte = *reader->at++;

		number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return number;
	}
	reader->broken = true;
	reader->at = reader->end;
	return 0;
}

static const void *take(struct reader *reader, uint64_t size)
{
	const unsigned char *taken = reader->at;

	if (size > (uint64_t)(reader->end - reader->at)) {
		reader->broken = true;
		reader->at = reader->end;
		return NULL;
	}
	reader->at += size;
	return taken;
}

static const char *take_bytes(struct reader *reader, size_t *length)
{
	const uint64_t size = take_number(reader);
	const char *bytes = take(reader, size);

	*length = 0;
	if (!size || !bytes)
		return NULL;
	if (bytes[size - 1] != '\0') {
		reader->broken = true;
		return NULL;
	}
	*length = (size_t)size - 1;
	return bytes;
}

static const char *take_text(struct reader *reader)
{
	size_t length;
	const char *text = take_bytes(reader, &length);

	if (text && strlen(text) != length)
		reader->broken = true;
	return text;
}

/* One that must be there; "" when it is not. */
static const char *take_name(struct reader *reader)
{
	const char *name = take_text(reader);

	if (name)
		return name;
	reader->broken = true;
	return "";
}

static struct value broken_value(struct reader *reader)
{
	reader->broken = true;
	return value_absent();
}

static struct value take_value(struct reader *reader)
{
	const char *kind = take(reader, 1);
	const char *found, *bytes;
	size_t length;

	if (!kind)
		return broken_value(reader);
	found = memchr(kinds, *kind, sizeof(kinds));
	bytes = take_bytes(reader, &length);
	if (!found || !bytes || length > UINT32_MAX)
		return broken_value(reader);
	if (found - kinds == VALUE_SET && length && bytes[length - 1])
		return broken_value(reader); /* an item without its end */
	return (struct value){
		.bytes = bytes,
		.length = (uint32_t)length,
		.kind = (uint8_t)(found - kinds),
	};
}

/* Counts are 16 bits in a state. */
static size_t take_count(struct reader *reader)
{
	const uint64_t count = take_number(reader);

	if (count <= UINT16_MAX)
		return (size_t)count;
	reader->broken = true;
	return 0;
}

typedef void add_fn(struct state *state, const char *name, struct value value);

static void add_sent(struct state *state, const char *name, struct value value)
{
	state_field(state, name, value, PLACE_NONE);
}

static void take_fields(struct reader *reader, struct state *state, add_fn *add)
{
	const size_t count = take_count(reader);

	for (size_t i = 0; i < count; i++) {
		const char *name = take_name(reader);
		const struct value value = take_value(reader);

		if (reader->broken)
			return;
		add(state, name, value);
	}
}

static void take_record(struct reader *reader, struct state *state)
{
	struct secret_record record = { .name = take_name(reader) };
	const uint64_t bits = take_number(reader);
	const void *fingerprint;

	record.known = bits & SECRET_IS_KNOWN;
	record.fingerprinted = bits & SECRET_IS_FINGERPRINTED;
	record.in_doubt = bits & SECRET_IS_IN_DOUBT;
	record.key_id = take_text(reader);
	record.version = take_text(reader);
	record.source = take_text(reader);
	record.hint_seen = take_text(reader);
	record.set_at_ms = (int64_t)take_number(reader);
	if (record.fingerprinted) {
		fingerprint = take(reader, FINGERPRINT_BYTES);
		if (fingerprint)
			memcpy(record.fingerprint, fingerprint,
			       FINGERPRINT_BYTES);
	}
	if (!reader->broken)
		state_record(state, &record);
}

static void take_rest(struct reader *reader, struct state *state)
{
	const size_t records = take_count(reader);
	size_t retired;

	for (size_t i = 0; i < records && !reader->broken; i++)
		take_record(reader, state);
	retired = take_count(reader);
	for (size_t i = 0; i < retired && !reader->broken; i++)
		state_retired(state, take_name(reader));
}

static void take_head(struct reader *reader, struct state *state)
{
	const char *updated_at = take_text(reader);
	struct auth_config *open = state_open(state);

	open->applied_at_ms = (int64_t)take_number(reader);
	if (updated_at && !reader->broken)
		open->updated_at = state_text(state, updated_at);
}

bool body_read(struct state *state, const void *bytes, size_t length)
{
	struct reader reader = { .at = bytes };
	uint64_t flags;

	if (!bytes)
		return false;
	reader.end = reader.at + length;
	if (take_number(&reader) != BODY_VERSION)
		return false;
	flags = take_number(&reader);
	take_head(&reader, state);
	take_fields(&reader, state, add_sent);
	if (flags & BODY_SEEN_AS_SENT)
		state_seen_as_sent(state);
	else
		take_fields(&reader, state, state_seen);
	take_rest(&reader, state);
	return !reader.broken && reader.at == reader.end;
}
