#!/usr/bin/env bash
# All the checks and tests, on both databases and in a browser. Goes on to the end, then fails if any part did.
set -uo pipefail
cd "$(dirname "$0")/.."
pytest=(.venv/bin/python -m pytest --numprocesses 2 --dist worksteal)
failed=()

part() {
    local name=$1 begun=$SECONDS
    shift
    echo
    echo "=== $name"
    "$@" || failed+=("$name")
    echo "=== $name: $((SECONDS - begun)) s"
}

bash scripts/machine.sh || exit 1
part "checks" sh scripts/check.sh
part "tests, on SQLite" "${pytest[@]}" --ignore tests/walks
if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    # Only what uses the database, see tests/conftest.py.
    part "what uses the database, on PostgreSQL" bash scripts/postgres.sh "${pytest[@]}" tests/site tests/cli
fi
part "walks in a browser" "${pytest[@]}" tests/walks

echo
if [ ${#failed[@]} -gt 0 ]; then
    printf 'Failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "All is well."
