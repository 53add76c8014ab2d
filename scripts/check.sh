#!/usr/bin/env sh
# Style, types, imports and translations. Shows everything that is wrong, not the first alone.
cd "$(dirname "$0")/.." || exit 2
bin=.venv/bin
failed=

run() {
    name=$1
    shift
    printf '%s ... ' "$name"
    if said=$("$@" 2>&1); then
        echo "fine"
    else
        failed="$failed, $name"
        printf 'WRONG\n%s\n' "$said"
    fi
}

run "style"        $bin/ruff check --quiet
run "format"       $bin/ruff format --check --quiet --diff
run "house style"  $bin/python scripts/style.py
run "types"        $bin/mypy
run "imports"      $bin/lint-imports --no-logo
run "translations" $bin/python scripts/messages.py check

if [ -n "$failed" ]; then
    echo "Not in order: ${failed#, }." >&2
    exit 1
fi
