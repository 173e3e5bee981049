/* SPDX-License-Identifier: MIT */
/* Addresses: which are of the internet, and which of somebody's own network
 * (the special-purpose registries of IANA: RFC 6890 and its kin). */
#include "base/text.h"
#include "http/http.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

struct range {
	uint32_t first;
	unsigned bits;
};

#define IPV4(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

static const struct range special[] = {
	{ IPV4(0, 0, 0, 0), 8 },      { IPV4(10, 0, 0, 0), 8 },
	{ IPV4(100, 64, 0, 0), 10 },  { IPV4(127, 0, 0, 0), 8 },
	{ IPV4(169, 254, 0, 0), 16 }, { IPV4(172, 16, 0, 0), 12 },
	{ IPV4(192, 0, 0, 0), 24 },   { IPV4(192, 0, 2, 0), 24 },
	{ IPV4(192, 88, 99, 0), 24 }, { IPV4(192, 168, 0, 0), 16 },
	{ IPV4(198, 18, 0, 0), 15 },  { IPV4(198, 51, 100, 0), 24 },
	{ IPV4(203, 0, 113, 0), 24 }, { IPV4(224, 0, 0, 0), 4 },
	{ IPV4(240, 0, 0, 0), 4 },
};

static bool is_in(uint32_t address, const struct range *range)
{
	return ((address ^ range->first) >> (32 - range->bits)) == 0;
}

static bool is_public_v4(uint32_t address)
{
	for (size_t i = 0; i < LENGTH(special); i++) {
		if (is_in(address, &special[i]))
			return false;
	}
	return true;
}

static uint32_t word_at(const uint8_t *bytes)
{
	return IPV4(bytes[0], bytes[1], bytes[2], bytes[3]);
}

/* Where an IPv4 address stands inside such an IPv6 address. */
static const struct embedding {
	uint8_t prefix[12];
	unsigned length, at;
} embeddings[] = {
	{ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, 12, 12 }, /* mapped */
	{ { 0, 0x64, 0xff, 0x9b }, 12, 12 },                      /* NAT64 */
	{ { 0x20, 0x02 }, 2, 2 },                                 /* 6to4 */
};

/* Documentation, Teredo, ORCHID and others that lead nowhere for us. */
static const struct {
	uint8_t prefix[4];
	unsigned length;
} special_v6[] = {
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 4 }, { { 0x20, 0x01, 0x00, 0x00 }, 4 },
	{ { 0x20, 0x01, 0x00, 0x02 }, 4 }, { { 0x20, 0x01, 0x00, 0x10 }, 4 },
	{ { 0x20, 0x01, 0x00, 0x20 }, 4 }, { { 0x3f, 0xff }, 2 },
};

static bool is_public_v6(const uint8_t *bytes)
{
	for (size_t i = 0; i < LENGTH(embeddings); i++) {
		const struct embedding *each = &embeddings[i];

		if (memcmp(bytes, each->prefix, each->length) == 0)
			return is_public_v4(word_at(bytes + each->at));
	}
	for (size_t i = 0; i < LENGTH(special_v6); i++) {
		if (memcmp(bytes, special_v6[i].prefix, special_v6[i].length) ==
		    0)
			return false;
	}
	return bytes[0] >> 5 == 1; /* 2000::/3 */
}

bool http_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)address;

		return is_public_v4(ntohl(v4->sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)address;

		return is_public_v6(v6->sin6_addr.s6_addr);
	}
	return false;
}

bool http_is_own(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)address;

		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	}
	if (address->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)address;

		return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
	}
	return false;
}
