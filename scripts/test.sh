#!/usr/bin/env bash
# All the checks and tests, on both databases and in a browser. Goes on to the end, then fails if any part did.
set -uo pipefail
cd "$(dirname "$0")/.."
pytest=(.venv/bin/python -m pytest)
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
part "tests, the site's on SQLite" "${pytest[@]}" --numprocesses 2 --ignore tests/walks
if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    part "the site's tests on PostgreSQL" bash scripts/postgres.sh "${pytest[@]}" --numprocesses 2 tests/site
fi
part "walks in a browser" "${pytest[@]}" --numprocesses 2 tests/walks

echo
if [ ${#failed[@]} -gt 0 ]; then
    printf 'Failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "All is well."
