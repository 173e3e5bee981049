/* SPDX-License-Identifier: MIT */
/*
 * Codes: every report has one; shown as TRUEUP-1101 and never reused.
 *
 *     1xxx the files   2xxx platform and network   3xxx ledger and lock
 *     4xxx plan        5xxx apply                  9xxx the run, usage
 *
 * A row: number, name, exit code of a run that ends with it (design: 0 ok,
 * 1 error, 3 findings, 4 blocked, 5 plan no longer holds, 6 locked, 7 not
 * authorised, 8 platform or network, 9 partly applied, 64 usage; 0 also for
 * what is only ever a warning), title, and what to do.
 * Rows are sorted by number: code_find() searches them.
 */
#ifndef SCHEMA_CODES_H
#define SCHEMA_CODES_H

struct code_row {
	unsigned code;
	const char *name; /* "UNKNOWN_KEY" */
	int exit;
	const char *title;
	const char *advice; /* one or more sentences */
};

/* clang-format off */
#define CODES(ROW) \
	/* base, source: 10xx */ \
	ROW(1001, FILE_UNREADABLE, 1, "a file cannot be read", \
	    "Check that the path is right and that you may read it.") \
	ROW(1002, TOO_LARGE, 1, "an input is larger than its limit", \
	    "Split the file; the limits are named in the message.") \
	ROW(1003, FILE_UNWRITABLE, 1, "a file cannot be written", \
	    "Check the folder's permissions and the space on the disk. " \
	    "Links are never written through.") \
	ROW(1004, BAD_PATTERN, 1, "a regular expression does not compile", \
	    "Correct the expression; the message gives the position.") \
	ROW(1005, PROCESS_UNSTARTED, 1, "a helper program does not start", \
	    "Check that the installation is complete.") \
	ROW(1011, OUTSIDE_ROOT, 1, "a path leads out of the root", \
	    "Only files inside the root are read: the folder given with " \
	    "--root, else the git repository around the environment file, " \
	    "else its folder.") \
	ROW(1012, NOT_A_FILE, 1, "something else than a regular file", \
	    "Name a regular file. Links are not followed, so that a " \
	    "repository cannot point out of itself.") \
	ROW(1013, NO_FILE, 64, "no environment file is found", \
	    "Name it with -f FILE or in TRUEUP_FILE, or run the command in " \
	    "its folder. An environment file has a line `environment: " \
	    "NAME`.") \
	ROW(1014, SEVERAL_FILES, 64, "several environment files are found", \
	    "Name one with -f FILE or in TRUEUP_FILE.") \
	ROW(1051, YAML_SYNTAX, 1, "a file is no YAML", \
	    "Correct the line that the message names; quote texts that " \
	    "begin with or hold YAML's own characters: : # { [ & * ! | > @ " \
	    "% and quotes.") \
	ROW(1052, YAML_TAB, 1, "a tab indents a line", \
	    "YAML is indented with spaces only; replace the tabs.") \
	ROW(1053, YAML_ENCODING, 1, "a file is not clean UTF-8", \
	    "Save the file as UTF-8 and remove control characters.") \
	ROW(1054, DUPLICATE_KEY, 1, "a key is given twice in one mapping", \
	    "Remove or rename one of them; the note shows the first.") \
	ROW(1055, YAML_DEPTH, 1, "a file is nested too deeply", \
	    "Use fewer levels; 64 are allowed.") \
	ROW(1056, YAML_EXPANSION, 1, "a file has too many values", \
	    "Aliases count as what they repeat: use fewer of large values.") \
	ROW(1057, YAML_KEY, 1, "a key is not text", \
	    "Keys are single texts. For `<<`, write `extends` or " \
	    "`defaults`; a text in braces needs quotes.") \
	ROW(1058, YAML_TAG, 1, "a tag has no meaning here", \
	    "Remove the tag, or quote the text if its `!` belongs to it.") \
	ROW(1059, YAML_ALIAS, 1, "an alias names nothing before it", \
	    "Put `&name` at the value that `*name` repeats, earlier in the " \
	    "same file, or quote the text if its `*` belongs to it.") \
	ROW(1060, EMPTY_FILE, 1, "a file holds nothing", \
	    "An empty file is more likely an accident than a wish. Remove " \
	    "it, or write what is missing.") \
	ROW(1061, SEVERAL_DOCUMENTS, 1, "a file holds several documents", \
	    "Split the file at its `---` lines: one environment or fragment " \
	    "each.") \
	ROW(1062, NO_MAPPING, 1, "a file is not made of keys", \
	    "At its top a file has keys with values, `environment: prod` " \
	    "say.") \
	ROW(1063, JSON_SYNTAX, 1, "a text is no JSON", \
	    "Correct it at the line and column in the message.") \
	ROW(1071, EXTENDS_VALUE, 1, "`extends` is not a list of paths", \
	    "Write `extends: [../base.yaml]`; each item is a path as seen " \
	    "from the file it stands in.") \
	ROW(1072, EXTENDS_CYCLE, 1, "files extend each other in a circle", \
	    "Remove one of the `extends`; the message shows the circle.") \
	ROW(1073, EXTENDS_FORBIDDEN_KEY, 1, "a fragment decides too much", \
	    "Move `environment`, `platform` and `ledger` into the " \
	    "environment file: there a reviewer looks for what decides " \
	    "where things go.") \
	ROW(1074, EXTENDS_LIMIT, 1, "too many files, or too deep a chain", \
	    "Use fewer fragments: 256 files in chains of 16 are allowed.") \
	ROW(1101, UNKNOWN_KEY, 1, "a key is not of the format", \
	    "Correct or remove it; `trueup schema` prints the format.") \
	ROW(1102, WRONG_TYPE, 1, "a value is of the wrong kind", \
	    "The message says what is wanted: text, a list, keys with " \
	    "values.") \
	ROW(1103, MISSING_KEY, 1, "a needed key is missing", \
	    "Add the key that the message names.") \
	ROW(1104, BAD_VALUE, 1, "a value is not allowed", \
	    "The message says which are.") \
	ROW(1105, BAD_KEY, 1, "a key has a form that is not allowed", \
	    "Rename it; the message says which form is wanted.") \
	ROW(1106, BAD_COUNT, 1, "too many or too few items", \
	    "Add or remove items; the message says how many are allowed.") \
	ROW(1107, DUPLICATE_ITEM, 1, "an item stands in a list twice", \
	    "Remove one of the two.") \
	ROW(1108, NEEDS_QUOTES, 1, "a text looks like something else", \
	    "Put it in quotes: without them it is a number, a boolean or " \
	    "nothing, and its spelling may be lost.") \
	ROW(1109, UNBUILT_KEY, 1, "a key has no effect yet", \
	    "Remove it until a version of trueup builds it; a setting that " \
	    "is silently ignored would be worse.") \
	ROW(1110, SECRET_LITERAL, 1, "a secret stands in the file", \
	    "Write a reference, { env: NAME } or { file: PATH }, and treat " \
	    "the secret that stood there as known to others: make a new " \
	    "one.") \
	ROW(1111, BAD_SCHEMA, 1, "a JSON Schema cannot be used", \
	    "Correct the schema; the message gives the keyword and the " \
	    "reason.") \
	/* state: 12xx; */ \
	/* secrets: 13xx; lint: 14xx-19xx */ \
	/* report: 70xx; run: 90xx */ \
	ROW(2001, LISTEN, 8, "a server cannot listen", \
	    "Choose another port, or 0 to let the system choose.") \
	ROW(3001, DATABASE, 1, "a database cannot be used", \
	    "The message holds SQLite's words. Check the file, its folder " \
	    "and the disk; put a good copy in place of a damaged one.") \
	ROW(3021, LEDGER_UNREADABLE, 1, "the ledger cannot be read", \
	    "Put back a copy that is whole. Do not make a new one in its " \
	    "place: without the old one trueup no longer knows what is its " \
	    "own.") \
	ROW(3022, LEDGER_MODE, 1, "the ledger's file cannot be trusted", \
	    "The folder must be yours and 0700, the file yours and 0600, no " \
	    "link, and not tracked by git.") \
	ROW(3023, LEDGER_MAC, 1, "the ledger was changed by somebody else", \
	    "Its MAC does not match, or it is older than it was. Find out " \
	    "who wrote to it, and put back a copy that trueup wrote.") \
	ROW(3024, LEDGER_FORMAT, 1, "the ledger is of a newer trueup", \
	    "Use the trueup that wrote it, or a newer one.") \
	ROW(3025, LEDGER_KEY, 1, "the ledger and this run have not one key", \
	    "Set TRUEUP_FINGERPRINT_KEY or TRUEUP_FINGERPRINT_KEY_FILE to " \
	    "the key that signed the ledger. --sign-ledger signs it with " \
	    "this run's key, unchecked: look at the plan twice then.") \
	ROW(3026, LEDGER_TWINS, 1, "two rows of the ledger hold one id", \
	    "An object belongs to one key. Put back a copy of the ledger " \
	    "from before that.") \
	ROW(3027, LEDGER_FOREIGN, 4, "the ledger belongs to something else", \
	    "It was made for another platform, origin or environment; the " \
	    "message names both. Correct the file, or use its own ledger.") \
	ROW(3031, LOCKED, 6, "somebody else is writing", \
	    "Wait with --lock-timeout. The lock of a process that is gone is " \
	    "taken over by itself, at the latest when it expires.") \
	ROW(3032, LOCK_LOST, 6, "the lock was taken away", \
	    "This run stood still for longer than the lock lasts, and " \
	    "another took it. Run again when that one has ended.") \
	ROW(3033, LOCK_TAKEN, 0, "a lock was taken over", \
	    "Its run ended without giving it back. What it began is found " \
	    "out before anything new is done.") \
	ROW(7001, NAMES_COLLIDE, 1, "two keys give one variable name", \
	    "Rename one of the keys, or use --format json, which keeps them.") \
	ROW(9001, USAGE, 64, "the command line is not understood", \
	    "`trueup help COMMAND` lists the options and arguments.") \
	ROW(9002, UNKNOWN_FORMAT, 64, "there is no such output format", \
	    "The message lists the formats of this command.") \
	ROW(9003, ONE_FILE, 64, "the command works on one environment", \
	    "Name one file with -f, or set TRUEUP_FILE.") \
	ROW(9004, NO_CONSENT, 64, "nobody said yes", \
	    "At a terminal, type the environment's name; in a pipeline give " \
	    "--yes once the plan was reviewed.") \
	ROW(9005, API_KEY, 1, "the platform's API key is not there", \
	    "Set the variable or the file that `platform.apiKey` names, or " \
	    "give --api-key-file FILE.") \
	ROW(9006, LEDGER_NEEDED, 1, "there is no ledger", \
	    "--init-ledger makes one, once per environment. Where you expected " \
	    "one, do not make it: find out where it went.") \
	ROW(9007, KEY_UNKNOWN, 1, "there is no such key", \
	    "`trueup status` lists the keys of the ledger, `trueup config " \
	    "show` those of the file.") \
	ROW(9008, ID_UNKNOWN, 1, "the platform has no such auth config", \
	    "`trueup plan --full` lists what is live and unmanaged.") \
	ROW(9009, CLAIMED, 4, "the object or the key is bound already", \
	    "One key is bound to one object; `trueup forget KEY` unbinds.") \
	ROW(9010, STILL_DECLARED, 4, "the key is still declared", \
	    "Remove the entry from the file first; forgetting a declared key " \
	    "would make the next apply create it twice.") \
	ROW(9011, CHANGE_BLOCKED, 4, "a change is blocked", \
	    "The message says which protection holds and how it is lifted.") \
	ROW(9012, FINDING, 3, "the live state contradicts the file", \
	    "The platform rewrote or fixes the value; declare what it really " \
	    "is, or correct it at the platform.")
/* clang-format on */

enum code {
#define ROW(number, name, exit, title, advice) CODE_##name = (number),
	CODES(ROW)
#undef ROW
};

#endif
