#!/usr/bin/env bash
# postgres.sh COMMAND...: run a command with a PostgreSQL of its own, which is gone afterwards.
# The server listens on a socket in a temporary folder alone; ALIQUOT_DATABASE_URL names it.
# With DURABLE=1 it waits for the disk as a server in earnest does (for measuring).
set -euo pipefail

programs() {
    # Debian keeps the server's programs out of the path, one folder a version.
    local initdb
    initdb=$(command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
    [ -n "$initdb" ] && dirname "$(readlink -f "$initdb")"
}

bin=$(programs) || { echo "PostgreSQL's server is not installed" >&2; exit 2; }
folder=$(mktemp -d)
as=()
if [ "$(id -u)" = 0 ]; then
    # The server refuses to run as root; Debian's package brings this user.
    chown postgres "$folder"
    as=(runuser -u postgres --)
fi

stop() {
    (cd / && "${as[@]}" "$bin/pg_ctl" --pgdata "$folder/data" --mode immediate --silent stop) >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

chmod 755 "$folder"
(
    cd /
    "${as[@]}" "$bin/initdb" --pgdata "$folder/data" --username aliquot --auth trust \
        --encoding UTF8 --locale C.UTF-8 --no-sync
    # fsync off: no test pulls the plug of the machine, and nothing outlives the run.
    flush="-c fsync=off -c full_page_writes=off"
    [ "${DURABLE:-}" = 1 ] && flush=""
    "${as[@]}" "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/log" --wait --silent start \
        --options "-c listen_addresses='' -c unix_socket_directories='$folder' $flush"
    "${as[@]}" "$bin/createdb" --host "$folder" --username aliquot aliquot
) >"$folder/made" 2>&1 || { cat "$folder/made" "$folder/log" >&2 2>/dev/null; exit 1; }

ALIQUOT_DATABASE_URL="postgresql://aliquot@/aliquot?host=$folder" "$@"
