#!/usr/bin/env sh
# Style, types, imports and translations, side by side. Shows everything that is wrong, not the first alone.
cd "$(dirname "$0")/.." || exit 2
bin=.venv/bin
names=
failed=
said=$(mktemp -d) || exit 2
trap 'rm -rf "$said"' EXIT
trap 'exit 130' INT TERM

begin() {
    name=$1
    shift
    names="$names $name"
    { "$@" >"$said/$name" 2>&1 || : >"$said/$name.wrong"; } &
}

begin types        $bin/mypy
begin imports      $bin/lint-imports --no-logo
begin translations $bin/python scripts/messages.py check
begin style        $bin/ruff check --quiet
begin format       $bin/ruff format --check --quiet --diff
begin house-style  $bin/python scripts/style.py
wait

for name in $names; do
    if [ -e "$said/$name.wrong" ]; then
        failed="$failed, $name"
        printf '%s ... WRONG\n' "$name"
        cat "$said/$name"
    else
        echo "$name ... fine"
    fi
done

if [ -n "$failed" ]; then
    echo "Not in order: ${failed#, }." >&2
    exit 1
fi
