/* SPDX-License-Identifier: MIT */
/*
 * Codes: every report has one; shown as TRUEUP-1101 and never reused.
 *
 *     1xxx the files   2xxx platform and network   3xxx ledger and lock
 *     4xxx plan        5xxx apply                  6xxx git
 *     9xxx the run, usage
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
	ROW(1201, FIELD_UNMAPPED, 1, "the platform has no such field", \
	    "Remove it, or use the name the binding gives it: what cannot " \
	    "be sent must not stand in the file as if it were.") \
	ROW(1202, CLIENT_MISSING, 1, "an OAuth app is not named", \
	    "Give `client` an `id` and a `secret`, or write `client: " \
	    "managed` for the platform's shared app. That is never " \
	    "assumed.") \
	ROW(1203, TWIN_ENTRIES, 1, "two entries cannot be told apart", \
	    "On the platform they would be one and the same; give one " \
	    "another `name` or `platformKey`.") \
	ROW(1204, BAD_RENAME, 1, "`renamedFrom` does not hold", \
	    "It names the former key of this entry, which nothing else may " \
	    "use any more.") \
	ROW(1205, VARIABLE_UNSET, 1, "a variable is not set", \
	    "Set it to the value for this environment. An empty one counts " \
	    "as unset.") \
	ROW(1206, VARIABLE_NAME, 1, "a variable that is not read", \
	    "Texts may hold `${env:TRUEUP_VAR_…}` and no other variable, " \
	    "so that a file cannot read what it was not given. `$${` is a " \
	    "plain `${`.") \
	ROW(1207, VARIABLE_PLACE, 1, "a variable where none is filled in", \
	    "Secret references and `platform.parameters` are taken as they " \
	    "are: write the text itself.") \
	ROW(1208, VARIABLE_VALUE, 1, "a variable holds no text", \
	    "Its value must be one line of clean UTF-8.") \
	ROW(1209, SECRET_CONFLICT, 1, "a secret is declared in two ways", \
	    "Keep one. `secrets.clientSecret` is the long form of " \
	    "`client.secret`; a reference has either `env` or `file`.") \
	ROW(1221, FIELD_FORM, 1, "the platform takes no such value", \
	    "The platform itself refuses it; the message holds the pattern " \
	    "that its binding gives. Declare another one.") \
	ROW(1301, SECRET_VALUE, 1, "a value cannot be a secret", \
	    "It is empty, a mask, a placeholder, still encrypted, or was " \
	    "pasted with something else. Set the real value where the " \
	    "reference points.") \
	ROW(1302, SECRET_FILE, 1, "a secret file is not safe to read", \
	    "Secret files are regular files of yours or root's with mode " \
	    "600, inside the root or in a folder of --secrets-dir. Links " \
	    "are not followed.") \
	ROW(1303, SECRET_NAME, 1, "a variable may not be a secret's source", \
	    "Rename the variable so that --allow-secret-env covers it, or " \
	    "allow its name.") \
	ROW(1304, FINGERPRINT_KEY, 1, "the fingerprint key cannot be used", \
	    "Give 64 hexadecimal digits in TRUEUP_FINGERPRINT_KEY, or in a " \
	    "file of mode 600 that TRUEUP_FINGERPRINT_KEY_FILE names.") \
	ROW(1305, FINGERPRINT_KEY_MADE, 0, "a fingerprint key was made", \
	    "Keep a copy where you keep secrets: with another key nothing " \
	    "that was applied before can be compared.") \
	/* lint: 14xx */ \
	ROW(1401, UNKNOWN_RULE, 1, "there is no such rule", \
	    "Correct the id; `trueup explain` lists all rules.") \
	ROW(1402, RULE_SEVERITY, 1, "a rule cannot have this severity", \
	    "Rules that watch over a file's own policy are not lowered by " \
	    "that file. Remove the line.") \
	ROW(1403, BAD_WAIVER, 1, "a waiver ends on no day", \
	    "`expires` is the last day on which it holds, one of the " \
	    "calendar.") \
	ROW(1404, POLICY_INSIDE, 1, "the operator's policy is in the repository", \
	    "What the files may not lower must not be theirs: put the file " \
	    "that --policy or TRUEUP_POLICY names outside the root.") \
	ROW(1405, BAD_EXPIRY, 1, "a secret expires on no day", \
	    "`secretExpires` is the last day on which the provider takes the " \
	    "secret, one of the calendar.") \
	ROW(1411, BAD_PROFILE, 1, "a connector profile contradicts itself", \
	    "Correct the file; each fact names one of the profile's own " \
	    "sources, and no scope is listed twice.") \
	ROW(1421, RULES_BROKEN, 3, "rules are broken", \
	    "Correct what the findings name, or waive them with a reason and " \
	    "a last day, and --accept-waivers once that was reviewed. " \
	    "--fail-on says from which severity on apply refuses.") \
	/* report: 70xx; run: 90xx */ \
	ROW(2001, LISTEN, 8, "a server cannot listen", \
	    "Choose another port, or 0 to let the system choose.") \
	ROW(2002, SANDBOX_SETTINGS, 64, "the sandbox is told what it cannot do", \
	    "`trueup-sandbox --help` lists its options; the message names the " \
	    "file and line of a key or token file.") \
	ROW(2011, NETWORK_MODULE, 1, "the network module does not open", \
	    "trueup-http.so belongs to this program and must be of its " \
	    "version; install the package anew.") \
	ROW(2012, BAD_URL, 1, "a URL cannot be used", \
	    "Write https://host, with a port and a path where needed. http: " \
	    "is spoken to this machine only; user names, queries and " \
	    "fragments have no place in it.") \
	ROW(2041, UNKNOWN_BINDING, 1, "there is no such binding", \
	    "Name a platform this program has a binding for; the message " \
	    "lists them.") \
	ROW(2042, BAD_BINDING, 1, "a binding contradicts itself", \
	    "Correct the binding file at the place in the message; " \
	    "schema/binding.schema.json describes each key.") \
	ROW(2043, HOST_REFUSED, 4, "the API key may not go to this host", \
	    "A file cannot send the key elsewhere: only the platform's own " \
	    "host is allowed, this machine, and hosts you name with " \
	    "--allow-host or TRUEUP_ALLOW_HOSTS.") \
	ROW(2044, UNVERIFIED_BINDING, 4, "the binding is a guess", \
	    "Nobody has held it against the real platform, so it speaks to " \
	    "this machine only: set `platform.url` to a trueup-sandbox.") \
	ROW(2045, PARAMETER, 1, "a platform parameter is wrong", \
	    "`platform.parameters` takes exactly what the binding asks for; " \
	    "the message names it.") \
	ROW(2046, KEY_FORM, 1, "the API key has a form no key has", \
	    "It must be one line of printable ASCII. Look at what the " \
	    "variable or file really holds.") \
	ROW(2049, BINDING_REFUSED, 4, "a binding file is not allowed", \
	    "A file of the repository cannot choose where the API key goes. " \
	    "Read the binding (`trueup platform check FILE`), then allow " \
	    "exactly these bytes with --allow-binding FILE@SHA256.") \
	ROW(2051, UNAUTHORISED, 7, "the platform does not let us in", \
	    "Check that the API key is of this environment, still valid, and " \
	    "may read and write auth configs.") \
	ROW(2052, NETWORK, 8, "the platform does not answer", \
	    "Check the URL, the network and the platform's status page, then " \
	    "run again. Nothing is taken for deleted because of this.") \
	ROW(2053, PLATFORM, 8, "the platform refused a request", \
	    "The message holds its own words. After a 5xx, wait and run " \
	    "again.") \
	ROW(2054, BAD_ANSWER, 8, "the platform's answer cannot be read", \
	    "Check that the URL leads to the platform's API and no proxy or " \
	    "login page answers. If it does, the binding does not fit.") \
	ROW(2055, LIST_INCOMPLETE, 8, "the platform's list is incomplete", \
	    "A short list would look like deletions, so nothing was planned. " \
	    "Run again; if it stays, tell the platform.") \
	ROW(2056, BAD_ID, 8, "the platform gave an id that is none", \
	    "Ids go into paths, so such a one is not used. Tell the " \
	    "platform.") \
	ROW(2057, REQUEST, 1, "a request cannot be built", \
	    "The message names the field and why the platform's format " \
	    "cannot carry its value; declare another one.") \
	ROW(2061, CALL_MISSING, 1, "the binding has no such call", \
	    "The platform's binding says nothing of connectors and " \
	    "credentials; see `calls` in schema/binding.schema.json.") \
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
	ROW(3028, LEDGER_UNREACHABLE, 1, "the ledger's repository does not answer", \
	    "The message holds the words of git. A ledger that cannot be read " \
	    "is never taken for none. Nothing was planned, or nothing more is " \
	    "sent; what was intended is found out by the next run.") \
	ROW(3029, LEDGER_RACED, 0, "somebody else wrote the ledger first", \
	    "The push of this run came too late and nothing was sent yet, so " \
	    "the ledger is read again and everything is planned anew.") \
	ROW(3030, LEDGER_REMOTE, 1, "the ledger's remote is not known", \
	    "`ledger.remote` names a remote of the repository around the " \
	    "environment file: `git remote -v` lists them, `git remote add` " \
	    "makes one. The default is origin.") \
	ROW(3031, LOCKED, 6, "somebody else is writing", \
	    "Wait with --lock-timeout. The lock of a process that is gone is " \
	    "taken over by itself, at the latest when it expires.") \
	ROW(3032, LOCK_LOST, 6, "the lock was taken away", \
	    "Somebody broke it, or this run stood still for longer than it " \
	    "lasts and another took it. Nothing is written without it: what " \
	    "was begun is looked for by the next run.") \
	ROW(3033, LOCK_TAKEN, 0, "a lock was taken over", \
	    "Its run ended without giving it back. What it began is found " \
	    "out before anything new is done.") \
	ROW(3034, LEDGER_MOVE, 1, "the ledger cannot be moved", \
	    "Where it goes there must be none, and no run may have left " \
	    "anything open: `trueup apply` finds out what became of it.") \
	ROW(3035, LEDGER_MOVED, 1, "the ledger was moved to another store", \
	    "Write the store that the message names into the environment " \
	    "file; `trueup ledger move` moves it back.") \
	/* plan: 40xx */ \
	ROW(4001, EMPTY_DESIRED, 1, "no auth config is declared", \
	    "An empty file is more likely an accident than a wish. If " \
	    "everything is to go, give --allow-empty and --prune.") \
	ROW(4002, SEVERAL_MATCHES, 1, "several live objects match an entry", \
	    "Look at them at the platform and bind the right one with " \
	    "`trueup adopt KEY --id ID`.") \
	ROW(4003, CLAIMED_MATCH, 1, "an entry matches another key's object", \
	    "If the entry was renamed, write `renamedFrom: OLD-KEY` in it; " \
	    "if the old one is to stay as it is, run `trueup forget " \
	    "OLD-KEY`.") \
	ROW(4004, RENAME_TWICE, 1, "a key is taken over twice", \
	    "Remove `renamedFrom`, or run `trueup forget KEY` for the one " \
	    "that is not to be kept.") \
	ROW(4005, FOREIGN_OBJECT, 4, "an object is not what it was", \
	    "Check that the API key belongs to this environment. If the " \
	    "object was really replaced by hand, run `trueup forget KEY`.") \
	ROW(4006, SECRET_UNREADABLE, 7, "secrets cannot be read", \
	    "Give the API key the scope for reading secrets: without it, " \
	    "`none is set` and `not shown` look the same.") \
	ROW(4007, UNREADABLE_ECHO, 1, "an update would lose a value", \
	    "This platform's updates replace the object. Declare the field: " \
	    "what cannot be read cannot be sent back.") \
	ROW(4021, GUARD_DELETES, 4, "more deletes than maxDeletes", \
	    "Read the plan. --allow-deletes N lifts the guard when N is the " \
	    "number of deletes and replacements planned.") \
	ROW(4022, GUARD_DELETE_PERCENT, 4, "a large share would be deleted", \
	    "Read the plan. --allow-deletes N lifts the guard when N is the " \
	    "number of deletes and replacements planned.") \
	ROW(4023, GUARD_CHANGES, 4, "more changes than maxChanges", \
	    "Read the plan. --allow-changes N lifts the guard when N is the " \
	    "number of changes planned.") \
	ROW(4024, GUARD_MISSING, 4, "too much is missing at the platform", \
	    "Check URL and API key: an empty answer is suspect, not a fact. " \
	    "--allow-missing N lifts the guard when N is the number shown.") \
	ROW(4025, GUARD_CONNECTIONS, 4, "connected users would be cut off", \
	    "Move them to another auth config first, or give " \
	    "--break-connections N with the number shown.") \
	/* apply: 50xx */ \
	ROW(4041, PLAN_DIFFERS, 5, "the plan is no longer what was approved", \
	    "Something changed since the plan was saved: the files, the " \
	    "platform or the ledger. Plan again and have the new plan " \
	    "reviewed; --partial applies what still agrees.") \
	ROW(4042, DIGEST_DIFFERS, 5, "the plan's digest is another one", \
	    "The plan is not the one whose digest was approved. Plan again " \
	    "and have the new plan reviewed.") \
	ROW(4043, BAD_DIGEST, 64, "a digest is not one", \
	    "Give the whole digest that `plan` prints: `1:` and 64 " \
	    "hexadecimal digits.") \
	ROW(4044, NOT_A_PLAN, 1, "a file is no saved plan", \
	    "Give a file that `trueup plan --out FILE` has written.") \
	ROW(5001, INTENT_AMBIGUOUS, 9, "an earlier create cannot be told apart", \
	    "The answer to a create was lost and several live objects could " \
	    "be the one it made. Delete those that nobody needs at the " \
	    "platform, or bind one with `trueup adopt KEY --id ID`.") \
	ROW(5002, SECRET_NEEDED, 1, "a secret is needed and is not there", \
	    "Set the variable or the file that the message names. Nothing " \
	    "was written. With --keep-unresolved, apply goes on where a " \
	    "secret would only have been compared.") \
	ROW(5003, OBJECT_MOVED, 5, "an object is not what the plan saw", \
	    "Somebody changed it between plan and apply. Plan again and look " \
	    "at what changed.") \
	ROW(5004, CHANGE_FAILED, 8, "a change was not done", \
	    "The message has the platform's own words. Correct what it names " \
	    "and apply again: what was done stays done.") \
	ROW(5005, CHANGE_UNKNOWN, 9, "nobody knows whether a change was done", \
	    "The answer was lost and looking did not tell. Apply again: it " \
	    "looks first and sends nothing twice.") \
	ROW(5006, CHANGE_UNCONFIRMED, 9, "a change is done, but not confirmed", \
	    "Plan again: it shows what is not as it was asked for.") \
	ROW(5007, PLAN_BLOCKED, 4, "the plan is blocked", \
	    "`trueup plan` says by which guard or protection, and what lifts " \
	    "it.") \
	ROW(5008, APPLY_STOPPED, 9, "apply stopped before its end", \
	    "Apply again to go on with what was not attempted.") \
	ROW(5009, CHANGE_UNAUTHORISED, 7, "the API key may not make a change", \
	    "Give the key the permission that the platform names, or give " \
	    "another key.") \
	/* git: 60xx */ \
	ROW(6001, GIT_REPOSITORY, 1, "a git repository cannot be read", \
	    "Check that the folder is a repository and that you may read it; " \
	    "`git fsck` finds what is damaged.") \
	ROW(6002, GIT_HELPER, 8, "the program that speaks git ended", \
	    "Run again. When it happens again, the repository or its server " \
	    "sends something that ends it: report that.") \
	ROW(6003, GIT_LATE, 8, "git took longer than it may", \
	    "The server may be silent, or the repository large. Run again, or " \
	    "give more time with --git-timeout SECONDS.") \
	ROW(6004, GIT_REVISION, 1, "there is no such revision", \
	    "Name a branch, a tag or a commit that is there. A commit is given " \
	    "with all its 40 digits.") \
	ROW(6005, GIT_URL, 64, "a git URL cannot be used", \
	    "Give https://host/path or ssh://user@host/path. Passwords do not " \
	    "belong into a URL: --git-token-env names a variable instead. " \
	    "--allow-file lets file: URLs through.") \
	ROW(6006, GIT_NETWORK, 8, "the git server does not answer as it should", \
	    "Nothing was planned or written: an outage is not an empty " \
	    "repository. Check the URL, and run again later.") \
	ROW(6007, GIT_AUTH, 7, "the git server does not let us in", \
	    "Give a token with --git-token-env NAME or --git-token-file FILE, " \
	    "or an ssh key with --ssh-key FILE or by the agent. That should be " \
	    "an ed25519 or ECDSA key: before 1.11, libssh2 signs for RSA keys " \
	    "with SHA-1 alone, which few servers take.") \
	ROW(6008, GIT_CERTIFICATE, 8, "the git server's certificate is not trusted", \
	    "Give its CA with --ca-file FILE, if it is the right server.") \
	ROW(6009, GIT_HOST_KEY, 8, "the git server's host key is not the known one", \
	    "Compare the offered fingerprint with what the host's owner says. " \
	    "Only when it is right, write the key into the known_hosts file.") \
	ROW(6010, GIT_PUSH, 8, "the git server does not take a commit", \
	    "The message has the server's words: a hook, a protected branch or " \
	    "a missing permission.") \
	ROW(6011, GIT_SOURCE, 0, "files are those of a commit", \
	    "With --rev or --git, what lies on the disk is not read.") \
	ROW(6012, GIT_UNCOMMITTED, 0, "a file has changes that are not committed", \
	    "What was read is the commit. Commit the changes, or leave --rev " \
	    "out to read the files as they are.") \
	ROW(6013, GIT_ALGORITHM, 8, "the git server has no host key that is understood", \
	    "ssh is spoken by libssh2, which before 1.11 knows RSA keys with " \
	    "SHA-1 alone. Servers offer that no more: they need an ed25519 or " \
	    "ECDSA host key (`ssh-keygen -A` makes one), or, in their " \
	    "sshd_config, `HostKeyAlgorithms +ssh-rsa`. Or give an https URL.") \
	ROW(6021, GIT_PIN, 5, "the commit is another one", \
	    "The branch has moved since it was looked at. Review what it is " \
	    "now, and give its commit with --expect-commit.") \
	ROW(6022, GIT_REWOUND, 4, "the branch went back", \
	    "What was last applied is not in the branch's history: it was " \
	    "rewound or rewritten. Give --allow-rewind when that was meant.") \
	ROW(6023, BASE_DIFFERS, 0, "what decides about every run is changed", \
	    "Policy, waivers, platform and ledger guard all that comes later. " \
	    "With --trust-base REV they are those of the base, whatever the " \
	    "files say.") \
	ROW(6031, GIT_UNSIGNED, 4, "a commit or tag is not signed by whom it should be", \
	    "The message has the key's fingerprint. Whose keys count is said by " \
	    "the files given with --allowed-signers or --keyring, which must lie " \
	    "outside the repository.") \
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
	    "is, or correct it at the platform.") \
	ROW(9021, UNKNOWN_TOPIC, 64, "there is no such code or rule", \
	    "`trueup explain` lists all that can be explained.") \
	/* at providers: 903x */ \
	ROW(9031, PROBE_HOST, 4, "a profile's host is not allowed", \
	    "Secrets go to the hosts of the profiles that are built in. The " \
	    "hosts of a profile of your own have to be named with " \
	    "--allow-host.") \
	ROW(9032, PROBE_REJECTED, 3, "a provider does not take an app as it is", \
	    "The verdicts say what was refused and what to do. Correct the " \
	    "file or the app's settings at the provider, then probe again.") \
	ROW(9033, PROBE_UNSURE, 3, "a probe cannot tell", \
	    "With --strict that is a finding. What the profile of a " \
	    "connector does not list proves nothing; let a user connect.") \
	ROW(9034, NO_ROTATION, 1, "there is no rotation to be confirmed", \
	    "`trueup status` shows the rotations that are not at their end. " \
	    "Rotate a secret first: `trueup rotate KEY` says how.") \
	/* by hand, and around auth configs: 904x */ \
	ROW(9041, BY_HAND, 4, "changes are left to a person", \
	    "The platform has no API for auth configs. Take the steps that " \
	    "apply printed, then run `trueup record KEY`, with --id ID for a " \
	    "new one. Nothing was changed by this run.") \
	ROW(9042, NOT_BY_HAND, 1, "this platform is not worked by hand", \
	    "`trueup apply` changes it by its API, and knows what was done; " \
	    "`trueup adopt KEY --id ID` binds what was made by hand.") \
	ROW(9043, NOTHING_PLANNED, 1, "there is nothing to be recorded", \
	    "Write the change into the file first: what was done by hand is " \
	    "recorded as the plan has it. `trueup plan` shows it.") \
	ROW(9044, ID_FORM, 1, "an id does not look like one", \
	    "Copy the whole id of the auth config from the platform.") \
	ROW(9045, BY_HAND_STATELESS, 1, "by hand nothing goes without a ledger", \
	    "What is live is known only from what was recorded: remove " \
	    "`ledger: none` from the file.") \
	ROW(9046, COVERAGE_GAP, 3, "a connector is not covered", \
	    "Declare an auth config for it, or correct the connector's name; " \
	    "without one its users cannot connect.") \
	ROW(9047, ID_MISSING, 1, "the auth config has no id yet", \
	    "Apply it first, or record it if it was made by hand: an id is " \
	    "known once it is in the ledger.") \
	ROW(9051, FILE_EXISTS, 1, "a file is in the way", \
	    "Nothing was written. Choose an empty folder with --dir, or move " \
	    "the files that the message names.") \
	ROW(9052, ENVIRONMENT_NAME, 64, "an environment cannot be called so", \
	    "Write lower-case letters, digits and hyphens, at most 63, " \
	    "beginning with a letter or digit.")
/* clang-format on */

enum code {
#define ROW(number, name, exit, title, advice) CODE_##name = (number),
	CODES(ROW)
#undef ROW
};

#endif
