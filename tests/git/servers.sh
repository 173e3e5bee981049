# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # set here, used there, and back
# Sourced by the groups: real git servers on loopback, and what they check
# with. Sets $temporary (a folder that goes at the end). $build is the build.

temporary=$(mktemp -d)
servers=
failed=0

finish() {
	for pid in $servers; do
		kill "$pid" 2>/dev/null || :
	done
	for file in "$temporary"/*.pid; do
		[ ! -s "$file" ] || kill "$(cat "$file")" 2>/dev/null || :
	done
	rm -rf "$temporary"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Nothing of the caller's may decide what is trusted or asked.
unset GIT_SSL_CAINFO SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE SSH_AUTH_SOCK \
	TRUEUP_FILE TRUEUP_ALLOW_HOSTS TRUEUP_POLICY http_proxy https_proxy \
	all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY GIT_DIR GIT_WORK_TREE
HOME=$temporary/home
XDG_CACHE_HOME=$temporary/cache
XDG_STATE_HOME=$temporary/state
LC_ALL=C
GIT_CONFIG_NOSYSTEM=1
GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.org
GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@example.org
TRUEUP_VAR_SANDBOX_URL=http://127.0.0.1:9
export TRUEUP_VAR_SANDBOX_URL
export HOME XDG_CACHE_HOME XDG_STATE_HOME LC_ALL GIT_CONFIG_NOSYSTEM \
	GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
mkdir -p "$HOME"

# ---- repositories ----

git_in() {
	folder=$1
	shift
	git -C "$folder" -c init.defaultBranch=main -c advice.detachedHead=false \
		-c commit.gpgsign=false "$@"
}

# write_config FILE: a file that `validate` takes.
write_config() {
	cat >"$1" <<'EOT'
trueup: 1
environment: prod
platform:
  binding: alloy-assumed
  url: ${env:TRUEUP_VAR_SANDBOX_URL}
  apiKey: { env: SANDBOX_API_KEY }
authConfigs:
  notion-docs: { connector: notion, client: managed }
EOT
}

# make_repository: $temporary/work with one commit, and its bare twin
# $temporary/srv/conf.git.
make_repository() {
	mkdir -p "$temporary/work" "$temporary/srv"
	git_in "$temporary/work" init -q
	write_config "$temporary/work/prod.yaml"
	git_in "$temporary/work" add -A
	git_in "$temporary/work" commit -q -m first
	git clone -q --bare "$temporary/work" "$temporary/srv/conf.git"
	git_in "$temporary/work" remote add origin "$temporary/srv/conf.git"
}

# ---- http and https: nginx, fcgiwrap, git-http-backend ----

# Ports are drawn until one is free: nginx and sshd cannot choose one.
draw_port() {
	echo $((20000 + $(od -An -tu4 -N4 /dev/urandom) % 20000))
}

make_certificates() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca \
		-keyout "$temporary/ca.key" -out "$temporary/ca.pem" 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -subj /CN=localhost \
		-keyout "$temporary/tls.key" -out "$temporary/tls.csr" 2>/dev/null
	printf 'subjectAltName=DNS:localhost\n' >"$temporary/san"
	openssl x509 -req -in "$temporary/tls.csr" -CA "$temporary/ca.pem" \
		-CAkey "$temporary/ca.key" -CAcreateserial -days 2 \
		-extfile "$temporary/san" -out "$temporary/tls.pem" 2>/dev/null
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other-ca \
		-keyout "$temporary/other.key" -out "$temporary/other.pem" \
		2>/dev/null
}

backend() {
	cat <<EOT
		include /etc/nginx/fastcgi_params;
		fastcgi_param SCRIPT_FILENAME $(git --exec-path)/git-http-backend;
		fastcgi_param GIT_HTTP_EXPORT_ALL "";
		fastcgi_param GIT_PROJECT_ROOT $temporary/srv;
		fastcgi_param HOME $HOME;
		fastcgi_param PATH_INFO \$1;
		fastcgi_param REMOTE_USER \$remote_user;
		fastcgi_pass unix:$temporary/fcgi;
EOT
}

write_nginx() {
	user=
	[ "$(id -u)" -ne 0 ] || user="user root;"
	cat <<EOT
$user
pid $temporary/nginx.pid;
error_log $temporary/nginx.log;
worker_processes 1;
events { worker_connections 64; }
http {
	access_log $temporary/access.log;
	client_body_temp_path $temporary/t1;
	proxy_temp_path $temporary/t2;
	fastcgi_temp_path $temporary/t3;
	uwsgi_temp_path $temporary/t4;
	scgi_temp_path $temporary/t5;
	client_max_body_size 0;
	map \$arg_service \$realm {
		default off;
		git-receive-pack private;
	}
	server {
		listen 127.0.0.1:$http_port;
		listen 127.0.0.1:$https_port ssl;
		ssl_certificate $temporary/tls.pem;
		ssl_certificate_key $temporary/tls.key;
		location ~ ^/pub(/.*)\$ {
$(backend)
		}
		location ~ ^/priv(/.*)\$ {
		auth_basic private;
		auth_basic_user_file $temporary/passwords;
$(backend)
		}
		location ~ ^/half(/.*/git-receive-pack)\$ {
		auth_basic private;
		auth_basic_user_file $temporary/passwords;
$(backend)
		}
		location ~ ^/half(/.*)\$ {
		auth_basic \$realm;
		auth_basic_user_file $temporary/passwords;
$(backend)
		}
		location ~ ^/moved(/.*)\$ {
			return 301 /pub\$1\$is_args\$args;
		}
		location = /down { return 503; }
		location /down/ { return 503; }
	}
}
EOT
}

# Sets $http and $https; /pub is open, /priv wants bot and hunter2, /half does
# when something is pushed.
start_http() {
	[ -f "$temporary/tls.pem" ] || make_certificates
	printf '%s:{PLAIN}hunter2\n' bot x-access-token a@b \
		>"$temporary/passwords"
	spawn-fcgi -s "$temporary/fcgi" -P "$temporary/fcgi.pid" -- \
		/usr/sbin/fcgiwrap -f >/dev/null
	tries=0
	while :; do
		http_port=$(draw_port)
		https_port=$(draw_port)
		write_nginx >"$temporary/nginx.conf"
		! /usr/sbin/nginx -c "$temporary/nginx.conf" \
			-e "$temporary/nginx.log" 2>"$temporary/nginx.err" || break
		tries=$((tries + 1))
		[ "$tries" -lt 20 ] || {
			cat "$temporary/nginx.err" >&2
			exit 1
		}
	done
	http=http://127.0.0.1:$http_port
	https=https://localhost:$https_port
}

# ---- ssh ----

key_kinds="ed25519 ecdsa256 ecdsa384 ecdsa521 rsa"

make_key() {
	case $2 in
	ecdsa*) ssh-keygen -q -t ecdsa -b "${2#ecdsa}" -N '' -C '' -f "$1" ;;
	*) ssh-keygen -q -t "$2" -N '' -C '' -f "$1" ;;
	esac
}

# What else sshd is told, as a line of its configuration.
sshd_also=

# start_sshd KIND…: with host keys of these kinds; sets $ssh, $ssh_port.
start_sshd() {
	[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
	[ -f "$temporary/client" ] || {
		make_key "$temporary/client" ed25519
		cp "$temporary/client.pub" "$temporary/authorized"
	}
	{
		echo "PidFile none"
		echo "ListenAddress 127.0.0.1"
		echo "UsePAM no"
		echo "StrictModes no"
		echo "PermitRootLogin yes"
		echo "PasswordAuthentication no"
		echo "KbdInteractiveAuthentication no"
		echo "AuthorizedKeysFile $temporary/authorized"
		echo "$sshd_also"
		for kind in "$@"; do
			[ -f "$temporary/host_$kind" ] ||
				make_key "$temporary/host_$kind" "$kind"
			echo "HostKey $temporary/host_$kind"
		done
	} >"$temporary/sshd_config"
	rm -f "$temporary/sshd.said"
	mkfifo "$temporary/sshd.said"
	tries=0
	while :; do
		ssh_port=$(draw_port)
		/usr/sbin/sshd -D -e -f "$temporary/sshd_config" -p "$ssh_port" \
			2>"$temporary/sshd.said" &
		sshd=$!
		exec 4<"$temporary/sshd.said"
		line=
		while IFS= read -r line <&4; do
			case $line in *"Server listening"*) break ;; esac
		done
		case $line in *"Server listening"*) break ;; esac
		tries=$((tries + 1))
		[ "$tries" -lt 20 ] || exit 1
	done
	# What it says later must not fill the pipe.
	cat <&4 >"$temporary/sshd.log" 4<&- &
	exec 4<&-
	servers="$servers $sshd"
	ssh=ssh://$(id -un)@127.0.0.1:$ssh_port
}

stop_sshd() {
	kill "$sshd" 2>/dev/null || :
	wait "$sshd" 2>/dev/null || :
}

# known NAME KIND…: known_hosts lines for these keys.
known() {
	named=$1
	shift
	for kind in "$@"; do
		printf '%s %s\n' "$named" \
			"$(cut -d' ' -f1,2 "$temporary/host_$kind.pub")"
	done
}

fingerprint() { ssh-keygen -l -f "$1" | cut -d' ' -f2; }

# ---- servers that go wrong ----

# start_bad MODE [URL]: tests/git/bad-server.mjs; sets $bad.
start_bad() {
	rm -f "$temporary/bad.said"
	mkfifo "$temporary/bad.said"
	node "${servers_at:-$here}/bad-server.mjs" "$@" >"$temporary/bad.said" &
	servers="$servers $!"
	exec 5<"$temporary/bad.said"
	IFS= read -r bad_port <&5
	exec 5<&-
	bad=http://127.0.0.1:$bad_port
}

# ---- the platform ----

# start_sandbox [OPTION…]: sets SANDBOX_API_KEY, TRUEUP_VAR_SANDBOX_URL and
# $admin. $temporary/keys may be there already.
start_sandbox() {
	SANDBOX_API_KEY=canary-api-key-4hT8mQ2nB6
	[ -f "$temporary/keys" ] ||
		(umask 077 && echo "git: $SANDBOX_API_KEY" >"$temporary/keys")
	mkfifo "$temporary/sandbox.said"
	"$build/trueup-sandbox" --port 0 --api-key-file "$temporary/keys" "$@" \
		>"$temporary/sandbox.said" 2>"$temporary/sandbox.log" &
	servers="$servers $!"
	exec 6<"$temporary/sandbox.said"
	TRUEUP_VAR_SANDBOX_URL='' admin=''
	while [ -z "$TRUEUP_VAR_SANDBOX_URL" ] || [ -z "$admin" ]; do
		IFS= read -r line <&6 || exit 1
		case $line in
		'url: '*) TRUEUP_VAR_SANDBOX_URL=${line#url: } ;;
		'admin-token: '*) admin=${line#admin-token: } ;;
		esac
	done
	TRUEUP_FINGERPRINT_KEY=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
	export SANDBOX_API_KEY TRUEUP_VAR_SANDBOX_URL TRUEUP_FINGERPRINT_KEY
}

# How many requests the sandbox has seen.
requests() {
	curl -sS --fail-with-body --noproxy '*' \
		-H "x-sandbox-admin: $admin" \
		"$TRUEUP_VAR_SANDBOX_URL/_sandbox/requests" | jq '.list | length'
}

# ---- checks ----

trueup() { "$build/trueup" "$@"; }

# expect EXIT WORDS ARGUMENT…: trueup ends so and says that; $said is all of it.
expect() {
	wanted=$1
	words=$2
	shift 2
	got=0
	trueup "$@" >"$temporary/out" 2>"$temporary/err" || got=$?
	said=$(cat "$temporary/out" "$temporary/err")
	if [ "$got" -ne "$wanted" ]; then
		echo "FAILED: exit $got, not $wanted: trueup $*"
		echo "$said" | sed 's/^/    /'
		failed=1
	elif ! echo "$said" | grep -qF -- "$words"; then
		echo "FAILED: \`$words\` is not said: trueup $*"
		echo "$said" | sed 's/^/    /'
		failed=1
	fi
	if echo "$said" | grep -q hunter; then
		echo "FAILED: a password is shown: trueup $*"
		failed=1
	fi
	if echo "$said" | grep -q Sanitizer; then
		echo "FAILED: $said"
		failed=1
	fi
}

# also WORDS: the last expect() must have said them as well.
also() {
	echo "$said" | grep -qF -- "$1" || {
		echo "FAILED: \`$1\` is not said:"
		echo "$said" | sed 's/^/    /'
		failed=1
	}
}

# unsaid WORDS: the last expect() must not have said them.
unsaid() {
	if echo "$said" | grep -qF -- "$1"; then
		echo "FAILED: \`$1\` is said:"
		echo "$said" | sed 's/^/    /'
		failed=1
	fi
}

# check WORDS COMMAND…: the command succeeds.
check() {
	words=$1
	shift
	"$@" || {
		echo "FAILED: $words"
		failed=1
	}
}

milliseconds() { date +%s%3N; }
