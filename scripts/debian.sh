# Sourced by other scripts: Debian's packages, where they can be installed without asking anybody.

# Whether this machine lets us install Debian's packages.
may_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# Install packages by name; quiet unless it fails.
install_packages() {
    local log
    log=$(mktemp)
    echo "Installing Debian's packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get -qq update && apt-get -qq install --yes --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}
