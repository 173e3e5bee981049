/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "document/tree.h"

#include <string.h>

/* In lower case, without what joins words. */
static const char *const words[] = {
	"secret", "password",   "passwd",        "passphrase",
	"apikey", "accesskey",  "privatekey",    "signingkey",
	"token",  "credential", "authorization", "clientsecret",
};

enum { SHORTEST_WORD = 5 };

/* What stands under such a key speaks about a secret and is none. */
static const char *const harmless_ends[] = { "version", "days", "url",
	                                     "uri",     "name", "id" };

/* Longer ones, or those with digits, are no misspellings of ours. */
enum { LONGEST_NAME = 63, LONGEST_SLIP = 16 };

static void normalize(const char *name, size_t length, char *out)
{
	for (size_t i = 0; i < length; i++) {
		char character = name[i];

		if (character >= 'A' && character <= 'Z')
			character = (char)(character - 'A' + 'a');
		if (character != '-' && character != '_' && character != ' ')
			*out++ = character;
	}
	*out = '\0';
}

static bool is_harmless(const char *name)
{
	const size_t length = strlen(name);

	/* What is counted ends otherwise. */
	if (length && name[length - 1] <= '9')
		return false;
	for (size_t i = 0; i < LENGTH(harmless_ends); i++) {
		if (str_ends(name, harmless_ends[i]))
			return true;
	}
	return false;
}

/* As str_starts(), for what mostly differs in the first letters. */
static bool begins_with(const char *name, const char *word)
{
	while (*word && *name == *word) {
		name++;
		word++;
	}
	return !*word;
}

static bool begins_with_word(const char *name)
{
	for (size_t i = 0; i < LENGTH(words); i++) {
		if (begins_with(name, words[i]))
			return true;
	}
	return false;
}

/* One bit a letter, from a to z. */
static uint32_t letter_bit(char letter)
{
	return UINT32_C(1) << (letter - 'a');
}

static bool is_letter(char letter)
{
	return letter >= 'a' && letter <= 'z';
}

/* In a run of letters. */
static bool run_holds_word(const char *run, size_t length)
{
	uint32_t first_letters = 0;

	for (size_t i = 0; i < LENGTH(words); i++)
		first_letters |= letter_bit(*words[i]);
	for (size_t i = 0; i + SHORTEST_WORD <= length; i++) {
		if (first_letters & letter_bit(run[i]) &&
		    begins_with_word(run + i))
			return true;
	}
	return false;
}

static bool holds_word(const char *name)
{
	while (*name) {
		size_t length = 0;

		while (is_letter(name[length]))
			length++;
		if (length >= SHORTEST_WORD && run_holds_word(name, length))
			return true;
		name += length ? length : 1;
	}
	return false;
}

bool is_secret_name(const char *name, size_t length)
{
	char plain[LONGEST_NAME + 1];

	if (length > LONGEST_NAME)
		return true; /* no key of ours: to be on the safe side */
	normalize(name, length, plain);
	if (is_harmless(plain))
		return false;
	if (holds_word(plain))
		return true;
	if (length > LONGEST_SLIP || strpbrk(plain, "0123456789"))
		return false;
	return text_nearest(plain, words, LENGTH(words)) != NULL;
}
