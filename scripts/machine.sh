#!/usr/bin/env bash
# Have on this machine what the tests need besides Python: a browser, a database server, gettext, fonts, Pango.
# As root on Debian what is missing is installed; elsewhere it is said what is left out and how to have it.
set -euo pipefail
source "$(dirname "$0")/debian.sh"

has_chromium() { command -v chromium chromium-browser google-chrome >/dev/null; }
has_postgres() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
has_gettext()  { command -v xgettext >/dev/null && command -v msgmerge >/dev/null; }
has_fonts()    { ! command -v fc-list >/dev/null || [ -n "$(fc-list ':lang=zh-cn' family)" ]; }
has_pango()    { .venv/bin/python -c "import weasyprint" >/dev/null 2>&1; }

missing=()
has_chromium || missing+=(chromium)
has_postgres || missing+=(postgresql)
has_gettext  || missing+=(gettext)
has_fonts    || missing+=(fonts-noto-cjk)
has_pango    || missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
# Chromium brings fontconfig: only now can the fonts be looked for.
if [ ${#missing[@]} -gt 0 ] && may_install; then
    install_packages "${missing[@]}"
    has_fonts || install_packages fonts-noto-cjk
fi

has_chromium || echo "Left out: the walks in a browser. To have them, install Chromium (chromium)."
has_postgres || echo "Left out: the tests on PostgreSQL. To have them, install its server (postgresql)."
has_gettext  || echo "Left out: whether each text of the site can be translated. To have it, install GNU gettext (gettext)."
has_pango    || echo "Left out: documents on paper. To have them, install Pango (libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)."
has_fonts    || echo "Screenshots will lack Chinese letters. To have them, install a font (fonts-noto-cjk)."
