/* SPDX-License-Identifier: MIT */
/* Redirect rows: rules U1-U10. A row: check, id, family, severity, title,
 * source, good and bad example, explanation. */
#ifndef RECONCILE_LINT_REDIRECT_ROWS_H
#define RECONCILE_LINT_REDIRECT_ROWS_H

/* clang-format off */
#define REDIRECT_ROWS(ROW) \
	ROW(redirect_callback, "redirect-callback", "U9", LINT_ERROR, \
	    "a redirect URI is not the platform's callback", \
	    "RFC 6749 3.1.2.3, 4.1.3", \
	    "redirectUri: https://platform.example.com/oauth/callback", \
	    "redirectUri: https://platform.example.com/oauth/callbacks", \
	    "The platform receives the code at one address of its own. A " \
	    "provider compares the registered URI with the one in the " \
	    "request byte for byte, so anything else ends in a mismatch.") \
	ROW(redirect_fragment, "redirect-fragment", "U1", LINT_ERROR, \
	    "a redirect URI has a fragment", \
	    "RFC 6749 3.1.2", \
	    "redirectUri: https://app.example.com/callback", \
	    "redirectUri: \"https://app.example.com/#/callback\"", \
	    "What follows # never reaches a server, and the endpoint URI " \
	    "must not have it. Move it into the path.") \
	ROW(redirect_http, "redirect-http", "U2", LINT_ERROR, \
	    "a redirect URI is sent in clear", \
	    "RFC 6749 3.1.2.1, RFC 9700 2.6, RFC 8252 7.3", \
	    "redirectUri: https://app.example.com/callback", \
	    "redirectUri: http://app.example.com/callback", \
	    "An authorization code that crosses a network without TLS is " \
	    "anybody's. Plain http is for 127.0.0.1 and [::1] in " \
	    "development; names that only look like a loopback host are " \
	    "none.") \
	ROW(redirect_localhost, "redirect-localhost", "U3", LINT_WARNING, \
	    "a redirect URI says `localhost`", \
	    "RFC 8252 7.3, 8.3", \
	    "redirectUri: http://127.0.0.1:8080/callback", \
	    "redirectUri: http://localhost:8080/callback", \
	    "A name can be resolved to another interface or by another " \
	    "resolver; the address cannot. Write 127.0.0.1 where the " \
	    "provider takes addresses.") \
	ROW(redirect_path, "redirect-path", "U6", LINT_ERROR, \
	    "a redirect URI's path is not plain", \
	    "RFC 3986 3.3, RFC 9700 4.1", \
	    "redirectUri: https://app.example.com/callback", \
	    "redirectUri: https://app.example.com/oauth/../callback", \
	    "Dot segments, empty segments and backslashes are resolved " \
	    "differently by browsers, proxies and providers: what one " \
	    "compares is not where another goes.") \
	ROW(redirect_private_scheme, "redirect-private-scheme", "U7", \
	    LINT_WARNING, \
	    "a private-use scheme has no dot", \
	    "OAuth 2.1 draft 2.3.1, RFC 8252 7.1", \
	    "redirectUri: com.example.app:/callback", \
	    "redirectUri: myapp:/callback", \
	    "Any app may claim a short scheme. One made of a domain that " \
	    "you own, in reverse order, shows whose it is.") \
	ROW(redirect_provider, "redirect-provider", "U10", LINT_ERROR, \
	    "a redirect URI breaks a rule of its provider", \
	    "the connector's profile", \
	    "{ connector: google, " \
	    "redirectUri: https://app.example.com/callback }", \
	    "{ connector: google, " \
	    "redirectUri: https://203.0.113.7/callback }", \
	    "Providers add limits of their own: length, characters, " \
	    "addresses, https. The profile says which, with its source.") \
	ROW(redirect_reserved, "redirect-reserved", "U8", LINT_ERROR, \
	    "a redirect URI has a parameter that OAuth adds", \
	    "Nimbus OAuth SDK RedirectURIValidator", \
	    "redirectUri: https://app.example.com/callback?tenant=7", \
	    "redirectUri: https://app.example.com/callback?state=7", \
	    "`code`, `state` and `response` come with the answer. Given " \
	    "twice, the wrong one may be read, which is an attack.") \
	ROW(redirect_scheme, "redirect-scheme", "U7", LINT_ERROR, \
	    "a redirect URI runs code", \
	    "Nimbus OAuth SDK RedirectURIValidator, RFC 7591 5", \
	    "redirectUri: https://app.example.com/callback", \
	    "redirectUri: javascript:alert(1)", \
	    "`data:`, `javascript:` and `vbscript:` execute what stands " \
	    "behind them in the user's browser.") \
	ROW(redirect_syntax, "redirect-syntax", "U1", LINT_ERROR, \
	    "a redirect URI is no absolute URI", \
	    "RFC 6749 3.1.2, RFC 3986 4.3", \
	    "redirectUri: https://app.example.com/callback", \
	    "redirectUri: app.example.com/callback", \
	    "It needs a scheme and, for the web, a host; other characters " \
	    "than those of RFC 3986 stand percent-encoded, names of other " \
	    "alphabets as A-labels (xn--).") \
	ROW(redirect_twin, "redirect-twin", "U5", LINT_ERROR, \
	    "two redirect URIs look the same and are not", \
	    "RFC 6749 3.1.2.3, RFC 3986 6.2.1, RFC 9700 4.1.3", \
	    "{ a: { redirectUri: https://app.example.com/callback }, " \
	    "b: { redirectUri: https://app.example.com/callback } }", \
	    "{ a: { redirectUri: https://app.example.com/callback }, " \
	    "b: { redirectUri: https://app.example.com/callback/ } }", \
	    "Providers compare byte for byte: a trailing slash, case, a " \
	    "default port, percent-encoding or http for https make another " \
	    "URI. Among the declared and live URIs of one connector, one of " \
	    "such twins is most likely a slip.") \
	ROW(redirect_userinfo, "redirect-userinfo", "U1", LINT_ERROR, \
	    "a redirect URI has user information", \
	    "RFC 3986 3.2.1, 7.6", \
	    "redirectUri: https://app.example.com/callback", \
	    "redirectUri: https://app.example.com@evil.example/callback", \
	    "What stands before @ is a user name, not the host; it is used " \
	    "to make a foreign host look like a known one.") \
	ROW(redirect_wildcard, "redirect-wildcard", "U4", LINT_ERROR, \
	    "a redirect URI is a pattern", \
	    "RFC 9700 2.1, 4.1", \
	    "redirectUri: https://app.example.com/callback", \
	    "redirectUri: https://*.example.com/callback", \
	    "URIs must be compared exactly. A pattern, or a template that " \
	    "was never filled in, either fails or admits hosts of others.")
/* clang-format on */

#endif
