/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "base/text.h"
#include "unit.h"

#include <string.h>

static void expect(struct hash *hash, const char *hex)
{
	uint8_t out[HASH_BYTES];
	char got[HASH_HEX_SIZE];

	hash_end(hash, out);
	text_hex(got, out, sizeof(out));
	assert_string_equal(got, hex);
}

/* FIPS 180-2, appendix B.1 */
static void sha_256_gives_the_standard_s_value(void **state)
{
	struct hash *hash = hash_new();

	(void)state;
	hash_add(hash, "a", 1);
	hash_add(hash, "bc", 2);
	expect(hash, "ba7816bf8f01cfea414140de5dae2223"
	             "b00361a396177a9cb410ff61f20015ad");
}

/* RFC 4231, test case 1, with its key of 20 bytes padded as HMAC pads it. */
static void hmac_gives_the_standard_s_value(void **state)
{
	uint8_t key[HASH_BYTES] = { 0 };

	(void)state;
	memset(key, 0x0b, 20);

	struct hash *hash = hash_new_keyed(key);

	hash_add(hash, "Hi There", 8);
	expect(hash, "b0344c61d8db38535ca8afceaf0bf12b"
	             "881dc200c9833da726e9376c2e32cff7");
}

static void end_texts(struct hash *hash, const char *a, const char *b,
                      uint8_t out[HASH_BYTES])
{
	hash_add_text(hash, a);
	hash_add_text(hash, b);
	hash_end(hash, out);
}

static void texts_do_not_run_into_each_other(void **state)
{
	uint8_t one[HASH_BYTES], other[HASH_BYTES], none[HASH_BYTES];

	(void)state;
	end_texts(hash_new(), "ab", "c", one);
	end_texts(hash_new(), "a", "bc", other);
	assert_false(hash_equal(one, other));
	end_texts(hash_new(), "ab", "c", other);
	assert_true(hash_equal(one, other));
	end_texts(hash_new(), "", "", one);
	end_texts(hash_new(), NULL, "", none);
	assert_false(hash_equal(one, none));
}

static void a_copy_goes_on_by_itself(void **state)
{
	static const uint8_t key[HASH_BYTES] = { 7 };
	struct hash *begun = hash_new_keyed(key), *copy;
	uint8_t one[HASH_BYTES], other[HASH_BYTES], whole[HASH_BYTES];

	(void)state;
	hash_add_text(begun, "begun");
	copy = hash_copy(begun);
	hash_add_text(copy, "copy");
	hash_end(copy, other);
	hash_add_text(begun, "begun");
	hash_end(begun, one);
	end_texts(hash_new_keyed(key), "begun", "copy", whole);

	assert_true(hash_equal(other, whole));
	assert_false(hash_equal(one, other));
}

static void a_length_is_eight_bytes_big_end_first(void **state)
{
	struct hash *by_length = hash_new(), *by_hand = hash_new();
	uint8_t one[HASH_BYTES], other[HASH_BYTES];

	(void)state;
	hash_add_bytes(by_length, "xyz", 3);
	hash_add_text(by_length, NULL);
	hash_add(by_hand, "\0\0\0\0\0\0\0\x03xyz", 11);
	hash_add(by_hand, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	hash_end(by_length, one);
	hash_end(by_hand, other);
	assert_true(hash_equal(one, other));
}

/* FIPS 180-2, appendix B.3 */
static void a_million_letters_may_come_in_any_pieces(void **state)
{
	static const size_t pieces[] = { 1, 7, 64, 511, 512, 513, 4000 };
	enum { LETTERS = 1000000, LONGEST = 4000 };
	char letters[LONGEST];

	(void)state;
	memset(letters, 'a', sizeof(letters));
	for (size_t i = 0; i < LENGTH(pieces); i++) {
		struct hash *hash = hash_new();
		size_t left = LETTERS, piece = pieces[i];

		for (; left; left -= piece) {
			if (piece > left)
				piece = left;
			hash_add(hash, letters, piece);
		}
		expect(hash, "cdc76e5c9914fb9281a1c7e284d73e67"
		             "f1809a48a497200e046d39ccc7112cd0");
	}
}

/* As the digest of a plan adds them. */
static void mixed_pieces_are_what_they_are_in_one(void **state)
{
	char all[3000];
	struct hash *one = hash_new(), *other = hash_new();
	uint8_t whole[HASH_BYTES], parts[HASH_BYTES];
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)(i * 31 % 251);
	for (size_t length = 0; at + length <= sizeof(all); length += 37) {
		hash_add(other, all + at, length);
		at += length;
	}
	hash_add(other, all + at, sizeof(all) - at);
	hash_add(one, all, sizeof(all));
	hash_end(one, whole);
	hash_end(other, parts);
	assert_true(hash_equal(whole, parts));
}

static void random_bytes_differ(void **state)
{
	uint8_t one[HASH_BYTES] = { 0 }, other[HASH_BYTES] = { 0 };

	(void)state;
	random_bytes(one, sizeof(one));
	random_bytes(other, sizeof(other));
	assert_false(hash_equal(one, other));
}

static void base64_is_written_and_read(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *text;
	} rows[] = {
		{ "", 0, "" },
		{ "f", 1, "Zg==" },
		{ "fo", 2, "Zm8=" },
		{ "foo", 3, "Zm9v" },
		{ "\0\xff>", 3, "AP8+" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp)
		char *text = base64_encode(rows[i].bytes, rows[i].length);
		CLEANUP(textp)
		char *bare = xstrndup(text, strcspn(text, "="));
		CLEANUP(buffer_release) struct buffer whole = { 0 };
		CLEANUP(buffer_release) struct buffer cut = { 0 };

		assert_string_equal(text, rows[i].text);
		assert_int_equal(base64_decode(text, &whole), 0);
		assert_int_equal(base64_decode(bare, &cut), 0);
		assert_int_equal(whole.length, rows[i].length);
		assert_memory_equal(whole.bytes, rows[i].bytes, whole.length);
		assert_int_equal(cut.length, rows[i].length);
	}
}

static void what_is_no_base64_is_refused(void **state)
{
	static const char *const texts[] = { "!!!",   "Zg=x", "Zg===",
		                             "Zm 9v", "Z",    "Zm9v-_" };

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct buffer out = { 0 };

		assert_int_equal(base64_decode(texts[i], &out), -1);
		assert_null(out.bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha_256_gives_the_standard_s_value),
		cmocka_unit_test(hmac_gives_the_standard_s_value),
		cmocka_unit_test(texts_do_not_run_into_each_other),
		cmocka_unit_test(a_copy_goes_on_by_itself),
		cmocka_unit_test(a_length_is_eight_bytes_big_end_first),
		cmocka_unit_test(a_million_letters_may_come_in_any_pieces),
		cmocka_unit_test(mixed_pieces_are_what_they_are_in_one),
		cmocka_unit_test(random_bytes_differ),
		cmocka_unit_test(base64_is_written_and_read),
		cmocka_unit_test(what_is_no_base64_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
