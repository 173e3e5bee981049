/* SPDX-License-Identifier: MIT */
#include "secrets_world.h"

#include "base/pattern.h"

/* ---- values ---- */

static const char pem[] = "-----BEGIN PRIVATE KEY-----\n"
			  "MIGHAgEAMBMGByqGSM49AgEG\n"
			  "-----END PRIVATE KEY-----";

static void values_that_could_be_secrets_are_taken(void **context)
{
	static const char *const values[] = {
		"0",
		"a b",
		"~!@#$%^&*()_+{}|:\"<>?`-=[]\\;',./",
		"secretive-0815",
		"xx",
		"<a",
		"the-real...thing-that-is-long-enough",
		"x*y**z",
		"$ecret",
		pem,
	};
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(values); i++) {
		free(put(world->root, "file", values[i], 0600));
		expect_secret(world, "file:file", values[i]);
	}
}

static void values_that_cannot_be_secrets_are_refused(void **context)
{
	static const struct {
		const char *value, *part;
	} rows[] = {
		{ "", "empty" },
		{ "*", "mask" },
		{ "***", "mask" },
		{ "********", "mask" },
		{ "****" CANARY, "mask" },
		{ CANARY "****", "mask" },
		{ "abcd...", "mask" },
		{ "...", "mask" },
		{ "REDACTED", "mask" },
		{ "[Redacted]", "mask" },
		{ "(sensitive value)", "mask" },
		{ "xxx", "mask" },
		{ "XXXXXXXXXXXXXXXX", "mask" },
		{ "<secret>", "placeholder" },
		{ "<>", "placeholder" },
		{ "changeme", "placeholder" },
		{ "CHANGE_ME", "placeholder" },
		{ "your-client-secret", "placeholder" },
		{ "undefined", "placeholder" },
		{ "null", "placeholder" },
		{ "${SLACK_SECRET}", "template" },
		{ "{{ slack.secret }}", "template" },
		{ "ENC[AES256_GCM,data:Tr7o=,type:str]", "encrypted" },
		{ "$ANSIBLE_VAULT;1.1;AES256", "encrypted" },
		{ "-----BEGIN PGP MESSAGE-----\n\nwc\n-----END PGP "
		  "MESSAGE-----",
		  "encrypted" },
		{ " " CANARY, "white space" },
		{ CANARY " ", "white space" },
		{ "\t" CANARY, "white space" },
		{ CANARY "\v", "white space" },
		{ CANARY "\n" CANARY, "several lines" },
		{ CANARY "\r\n" CANARY, "several lines" },
		{ CANARY "\t" CANARY, "ASCII" },
		{ CANARY "\r" CANARY, "ASCII" },
		{ CANARY "\x7f" CANARY, "ASCII" },
		{ "s\xc3\xa4" CANARY, "ASCII" },
		{ "\xe2\x80\x8b" CANARY, "ASCII" },
		{ "-----BEGIN X-----\n" CANARY, "several lines" },
		{ "-----BEGIN X-----\n\xff\n-----END X-----", "ASCII" },
	};
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		free(put(world->root, "file", rows[i].value, 0600));
		expect_refused(world, "file:file", CODE_SECRET_VALUE,
		               rows[i].part);
	}
}

static void each_of_the_256_bytes_is_judged(void **context)
{
	struct world *world = *context;

	for (int byte = 1; byte < 256; byte++) {
		const char value[] = { 'a', (char)byte, 'z', '\0' };
		enum secret_found found;

		free(put(world->root, "file", value, 0600));
		found = resolve(world, "file:file");
		assert_int_equal(found, byte >= 0x20 && byte <= 0x7e
		                                ? SECRET_RESOLVED
		                                : SECRET_REFUSED);
	}
}

static void a_nul_in_a_file_is_refused(void **context)
{
	struct world *world = *context;
	CLEANUP(textp) char *path = put(world->root, "file", CANARY, 0600);
	CLEANUP(fdp) int fd = open(path, O_WRONLY | O_APPEND);

	assert_int_equal(write(fd, "\0tail", 5), 5);
	expect_refused(world, "file:file", CODE_SECRET_VALUE, "ASCII");
}

/* ---- secrets ---- */

static void secrets_are_compared_whole(void **context)
{
	CLEANUP(secret_freep) struct secret *one = secret_new("abcdef", 6);
	CLEANUP(secret_freep) struct secret *same = secret_new("abcdef", 6);
	CLEANUP(secret_freep) struct secret *other = secret_new("abcdeg", 6);
	CLEANUP(secret_freep) struct secret *start = secret_new("abcde", 5);

	(void)context;
	assert_true(secret_equal(one, same));
	assert_false(secret_equal(one, other));
	assert_false(secret_equal(one, start));
	assert_false(secret_equal(start, one));
	secret_free(NULL);
}

static void a_hint_is_the_end_of_a_secret(void **context)
{
	CLEANUP(secret_freep) struct secret *secret = secret_new("abcdef", 6);

	(void)context;
	assert_true(secret_has_hint(secret, "cdef", 4));
	assert_true(secret_has_hint(secret, "abcdef", 6));
	assert_false(secret_has_hint(secret, "cdeg", 4));
	assert_false(secret_has_hint(secret, "abcd", 4));
	assert_false(secret_has_hint(secret, "zabcdef", 7));
	assert_false(secret_has_hint(secret, "def", 4));
	assert_false(secret_has_hint(secret, "", 0));
}

/* ---- fingerprints ---- */

static struct fingerprint_key *count_up_key(void)
{
	uint8_t bytes[HASH_BYTES];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	return fingerprint_key_new(bytes);
}

static void expect_hex(const uint8_t bytes[HASH_BYTES], const char *hex)
{
	char got[HASH_HEX_SIZE];

	text_hex(got, bytes, HASH_BYTES);
	assert_string_equal(got, hex);
}

/* Computed by other programs, from the door's description, beforehand:
 * HMAC-SHA-256 over four texts, each behind its length in eight bytes. */
static void a_fingerprint_has_the_known_value(void **context)
{
	CLEANUP(fingerprint_key_freep)
	struct fingerprint_key *key = count_up_key();
	CLEANUP(secret_freep)
	struct secret *secret = secret_new(CANARY, strlen(CANARY));
	uint8_t out[HASH_BYTES];

	(void)context;
	assert_true(secret_fingerprint(key, "0123456789abcdef0123456789abcdef",
	                               "client.secret", secret, out));
	expect_hex(out, "dfbfe078d927d1daaf4a4be799e95dcf"
	                "b26b965f2d3f9754ee448544af8115ae");
	fingerprint_key_derive(key, "trueup-ledger-mac-1", out);
	expect_hex(out, "11a431c891b0132df861d070667c0f3a"
	                "3c2dfb16b72c7aa4c4fe314cea05f36d");
	assert_string_equal(fingerprint_key_id(key), "408b9107d0d23243");
}

static void a_fingerprint_belongs_to_its_row_field_and_key(void **context)
{
	CLEANUP(fingerprint_key_freep)
	struct fingerprint_key *key = count_up_key();
	CLEANUP(fingerprint_key_freep)
	struct fingerprint_key *other_key =
		fingerprint_key_new((const uint8_t[HASH_BYTES]){ 0 });
	CLEANUP(secret_freep)
	struct secret *secret = secret_new(CANARY, strlen(CANARY));
	uint8_t prints[5][HASH_BYTES];

	(void)context;
	assert_true(secret_fingerprint(key, "r", "f", secret, prints[0]));
	assert_true(secret_fingerprint(key, "q", "f", secret, prints[1]));
	assert_true(secret_fingerprint(key, "r", "g", secret, prints[2]));
	assert_true(secret_fingerprint(other_key, "r", "f", secret, prints[3]));
	assert_true(secret_fingerprint(key, "rf", "", secret, prints[4]));
	for (size_t i = 1; i < LENGTH(prints); i++)
		assert_false(hash_equal(prints[0], prints[i]));
}

static void short_secrets_have_no_fingerprint(void **context)
{
	CLEANUP(fingerprint_key_freep)
	struct fingerprint_key *key = count_up_key();
	CLEANUP(secret_freep)
	struct secret *shorter = secret_new("123456789012345", 15);
	CLEANUP(secret_freep)
	struct secret *just = secret_new("1234567890123456", 16);
	uint8_t out[HASH_BYTES] = { 7 };

	(void)context;
	assert_false(secret_fingerprint(key, "r", "f", shorter, out));
	assert_int_equal(out[0], 7);
	assert_true(secret_fingerprint(key, "r", "f", just, out));
}

/* ---- where the key comes from ---- */

/* A key from these variables. */
static int load_key(struct world *world, char *const *entries,
                    enum fingerprint_key_flags flags,
                    struct fingerprint_key **key)
{
	CLEANUP(variables_freep)
	struct variables *variables = variables_new(entries);

	return fingerprint_key_load(variables, flags, key, world->diag);
}

#define DIGITS_BUT_ONE \
	"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define DIGITS "00" DIGITS_BUT_ONE

static void a_key_comes_from_its_variable(void **context)
{
	char entry[] = "TRUEUP_FINGERPRINT_KEY=" DIGITS;
	char *const entries[] = { entry, NULL };
	CLEANUP(fingerprint_key_freep) struct fingerprint_key *key = NULL;

	assert_int_equal(
		load_key(*context, entries, FINGERPRINT_KEY_FIND, &key), 0);
	assert_string_equal(fingerprint_key_id(key), "408b9107d0d23243");
}

static void a_key_that_is_none_is_refused_and_not_shown(void **context)
{
	static const char *const values[] = {
		"00", DIGITS "0", DIGITS "00", ("zz" DIGITS_BUT_ONE), CANARY,
	};
	struct world *world = *context;

	for (size_t i = 0; i < LENGTH(values); i++) {
		CLEANUP(textp)
		char *entry = xasprintf("TRUEUP_FINGERPRINT_KEY=%s", values[i]);
		char *const entries[] = { entry, NULL };
		struct fingerprint_key *key = NULL;

		assert_int_equal(
			load_key(world, entries, FINGERPRINT_KEY_FIND, &key),
			-1);
		assert_null(key);
	}
	for (size_t i = 0; i < diag_length(world->diag); i++) {
		const struct diag_report *report = diag_at(world->diag, i);

		assert_int_equal(report->code, CODE_FINGERPRINT_KEY);
		assert_null(strstr(report->text, "1e1f"));
		assert_null(strstr(report->text, CANARY));
	}
}

static void a_key_comes_from_the_file_that_is_named(void **context)
{
	struct world *world = *context;
	CLEANUP(textp)
	char *path = put(world->operators, "key", DIGITS "\n", 0600);
	CLEANUP(textp)
	char *entry = xasprintf("TRUEUP_FINGERPRINT_KEY_FILE=%s", path);
	char *const entries[] = { entry, (char[]){ "TRUEUP_FINGERPRINT_KEY=" },
		                  NULL };
	CLEANUP(fingerprint_key_freep) struct fingerprint_key *key = NULL;

	assert_int_equal(load_key(world, entries, FINGERPRINT_KEY_FIND, &key),
	                 0);
	assert_string_equal(fingerprint_key_id(key), "408b9107d0d23243");
	fingerprint_key_free(TAKE(key));
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(load_key(world, entries, FINGERPRINT_KEY_FIND, &key),
	                 -1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(load_key(world, entries, FINGERPRINT_KEY_FIND, &key),
	                 -1);
	assert_null(key);
	assert_int_equal(diag_count(world->diag, SEVERITY_ERROR), 2);
}

static void without_a_key_there_is_none(void **context)
{
	struct world *world = *context;
	CLEANUP(textp) char *entry = xasprintf("HOME=%s", world->root);
	char *const with_home[] = { entry, NULL };
	char *const nothing[] = { NULL };
	struct fingerprint_key *key = NULL;

	assert_int_equal(load_key(world, with_home, FINGERPRINT_KEY_FIND, &key),
	                 0);
	assert_null(key);
	assert_int_equal(load_key(world, nothing, FINGERPRINT_KEY_MAKE, &key),
	                 0);
	assert_null(key);
	assert_int_equal(diag_length(world->diag), 0);
}

static void a_key_is_made_once(void **context)
{
	struct world *world = *context;
	CLEANUP(textp)
	char *entry = xasprintf("XDG_CONFIG_HOME=%s", world->root);
	CLEANUP(textp)
	char *path = path_join(world->root, "trueup/fingerprint-key");
	char *const entries[] = { entry, NULL };
	CLEANUP(fingerprint_key_freep) struct fingerprint_key *made = NULL;
	CLEANUP(fingerprint_key_freep) struct fingerprint_key *again = NULL;
	struct stat info;

	assert_int_equal(load_key(world, entries, FINGERPRINT_KEY_MAKE, &made),
	                 0);
	assert_non_null(made);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	assert_int_equal(info.st_nlink, 1);
	assert_int_equal(diag_length(world->diag), 1);
	assert_int_equal(diag_at(world->diag, 0)->code,
	                 CODE_FINGERPRINT_KEY_MADE);
	assert_int_equal(load_key(world, entries, FINGERPRINT_KEY_MAKE, &again),
	                 0);
	assert_string_equal(fingerprint_key_id(made),
	                    fingerprint_key_id(again));
	assert_int_equal(diag_length(world->diag), 1);
}

static void a_key_is_made_below_home_too(void **context)
{
	struct world *world = *context;
	CLEANUP(textp) char *entry = xasprintf("HOME=%s", world->root);
	char *const entries[] = { entry, (char[]){ "XDG_CONFIG_HOME=relative" },
		                  NULL };
	CLEANUP(textp) char *config = path_join(world->root, ".config");
	CLEANUP(fingerprint_key_freep) struct fingerprint_key *key = NULL;

	assert_int_equal(load_key(world, entries, FINGERPRINT_KEY_MAKE, &key),
	                 0);
	assert_non_null(key);
	empty_folder(config);
	assert_int_equal(rmdir(config), 0);
}

static struct secret *secret_of(const char *text)
{
	return secret_new(text, strlen(text));
}

static void a_secret_is_held_against_texts_and_forms(void **context)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(pattern_freep)
	struct pattern *form = pattern_new("^[0-9a-f]{8}$", PLACE_NONE, diag);
	CLEANUP(secret_freep) struct secret *secret = secret_of("0123abcd");
	CLEANUP(secret_freep) struct secret *longer = secret_of("0123abcde");

	(void)context;
	assert_true(secret_is_text(secret, "0123abcd"));
	assert_false(secret_is_text(secret, "0123abce"));
	assert_false(secret_is_text(secret, "0123abc"));
	assert_false(secret_is_text(longer, "0123abcd"));
	assert_true(secret_matches(secret, form));
	assert_false(secret_matches(longer, form));
	assert_false(secret_matches(secret, NULL));
}

/* More than the table first holds. */
static void equal_secrets_have_one_number(void **context)
{
	CLEANUP(secret_groups_freep)
	struct secret_groups *groups = secret_groups_new();
	enum { COUNT = 1000 };

	(void)context;
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < COUNT; i++) {
			CLEANUP(textp) char *text = xasprintf("secret-%u", i);
			CLEANUP(secret_freep)
			struct secret *secret = secret_of(text);

			assert_int_equal(secret_groups_number(groups, secret),
			                 i + 1);
		}
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, drop_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(values_that_could_be_secrets_are_taken),
		TEST(values_that_cannot_be_secrets_are_refused),
		TEST(each_of_the_256_bytes_is_judged),
		TEST(a_nul_in_a_file_is_refused),
		TEST(secrets_are_compared_whole),
		TEST(a_hint_is_the_end_of_a_secret),
		TEST(a_fingerprint_has_the_known_value),
		TEST(a_fingerprint_belongs_to_its_row_field_and_key),
		TEST(short_secrets_have_no_fingerprint),
		TEST(a_key_comes_from_its_variable),
		TEST(a_key_that_is_none_is_refused_and_not_shown),
		TEST(a_key_comes_from_the_file_that_is_named),
		TEST(without_a_key_there_is_none),
		TEST(a_key_is_made_once),
		TEST(a_key_is_made_below_home_too),
		TEST(a_secret_is_held_against_texts_and_forms),
		TEST(equal_secrets_have_one_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
