#!/usr/bin/env bash
# venv.sh FOLDER PYTHON: make a virtual environment there, unless there is one.
# Debian parts venv from Python; as root the missing package is installed here.
set -euo pipefail
source "$(dirname "$0")/debian.sh"
folder=$1 python=$2

[ -x "$folder/bin/pip" ] && exit 0

command -v "$python" >/dev/null || { echo "Python 3.11 or later is needed; name it as: make PYTHON=..." >&2; exit 2; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "$("$python" --version) is too old; Python 3.11 or later is needed: make PYTHON=python3.11" >&2
    exit 2
}
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    if ! may_install; then
        echo "Python lacks the module venv. On Debian: sudo apt-get install python3-venv" >&2
        exit 2
    fi
    install_packages python3-venv
fi
"$python" -m venv --clear "$folder"
