/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the document of a git ledger, which whoever may push can have
 * written: it is refused in words, or it is a ledger. What is a ledger can be
 * looked at, and written: read again the writing is the same ledger, and,
 * signed, one that its key believes.
 */
#include "ledger/store.h"

#include "secrets/secrets.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static struct ledger *begin(const struct fingerprint_key *key)
{
	const struct ledger_settings settings = {
		.path = "origin refs/trueup/ledger/prod",
		.platform = "alloy-assumed",
		.origin = "https://api.example.com",
		.environment = "prod",
		.key = key,
		.clock = clock_system(),
	};

	return ledger_new(&settings);
}

/* As the git store does it. 0; -1 when it was refused, and that was said. */
static int take(struct ledger *ledger, const struct piece *bytes,
                struct page_head *head)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	int status = page_read(ledger, bytes, head, diag);

	if (status == 0) {
		ledger->bound = head->bound;
		status = store_look(ledger, diag);
	}
	assert(!status == !diag_count(diag, SEVERITY_ERROR));
	return status;
}

/* All that commands read of a ledger. */
static void look(struct ledger *ledger)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(state_freep)
	struct state *rows = ledger_applied(ledger, diag);
	const struct history_filter filter = { .limit = 100 };
	struct intent *intents = NULL;
	struct ledger_run *runs = NULL;
	CLEANUP(textp) char *revision = NULL;
	size_t count;

	assert(rows);
	for (size_t i = 1; i < state_length(rows); i++)
		assert(strcmp(state_at(rows, i - 1)->key,
		              state_at(rows, i)->key) < 0);
	assert(ledger_open_intents(ledger, &intents, &count, diag) == 0);
	assert(ledger_history(ledger, &filter, &runs, &count, diag) == 0);
	assert(ledger_last_revision(ledger, &revision, diag) == 0);
	free(intents);
	free(runs);
	assert(diag_count(diag, SEVERITY_ERROR) == 0);
}

/* Empty where it has names that are not written. */
static struct buffer write_page(struct ledger *ledger, const char *parent)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct buffer page = { .bytes = NULL };

	page.bytes =
		page_write(ledger, &ledger->header, parent, &page.length, diag);
	assert(!page.bytes == (diag_count(diag, SEVERITY_ERROR) > 0));
	return page;
}

/* What we write is the same ledger, whoever reads it. */
static void read_again(const struct buffer *page)
{
	const struct piece bytes = { page->bytes, page->length };
	CLEANUP(ledger_closep) struct ledger *twin = begin(NULL);
	CLEANUP(buffer_release) struct buffer again = { .bytes = NULL };
	struct page_head head = { .bound = NULL };

	assert(take(twin, &bytes, &head) == 0);
	again = write_page(twin, head.parent);
	assert(again.length == page->length &&
	       memcmp(again.bytes, page->bytes, page->length) == 0);
}

static void sign_and_read(const struct buffer *page)
{
	static const uint8_t bits[HASH_BYTES] = "a key that signs a ledger";
	CLEANUP(fingerprint_key_freep)
	struct fingerprint_key *key = fingerprint_key_new(bits);
	const struct piece bytes = { page->bytes, page->length };
	CLEANUP(ledger_closep) struct ledger *signer = begin(key);
	CLEANUP(ledger_closep) struct ledger *reader = begin(key);
	CLEANUP(buffer_release) struct buffer written = { .bytes = NULL };
	struct page_head head = { .bound = NULL };

	assert(take(signer, &bytes, &head) == 0);
	assert(ledger_trust(signer) == LEDGER_UNCHECKED);
	signer->sealing = true;
	signer->header.key_id = seal_key_id(signer->seal);
	written = write_page(signer, head.parent);

	const struct piece signed_bytes = { written.bytes, written.length };

	assert(take(reader, &signed_bytes, &head) == 0);
	assert(ledger_trust(reader) == LEDGER_SIGNED);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct piece document = { bytes, length };
	CLEANUP(ledger_closep) struct ledger *ledger = begin(NULL);
	CLEANUP(buffer_release) struct buffer page = { .bytes = NULL };
	struct page_head head = { .bound = NULL };

	if (take(ledger, &document, &head) < 0)
		return 0;
	look(ledger);
	page = write_page(ledger, head.parent);
	if (!page.bytes || ledger->header.key_id)
		return 0;
	read_again(&page);
	sign_and_read(&page);
	return 0;
}
