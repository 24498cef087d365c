# What the scripts share: saying what happens, finding tools, and one cache for all clones.
# Sourced, never run.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${ILT_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/ilt}
# A fresh clone must not compile the world again.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
mkdir -p "$cache"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# need_package COMMAND PACKAGE…: installs the packages when the command is missing.
need_package() {
    local command=$1
    shift
    command -v "$command" >/dev/null && return
    install_packages "$@"
}

install_packages() {
    command -v apt-get >/dev/null || die "$* must be installed first, and this machine has no apt-get to do it"
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "$* must be installed first: run 'apt-get install $*' as root"
        as_root=(sudo)
    fi
    say "installing $*"
    if [ -z "${lists_are_new:-}" ]; then
        "${as_root[@]}" apt-get update -qq >&2
        lists_are_new=yes
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

need_rust() {
    if ! command -v cargo >/dev/null && [ -f "${HOME:-}/.cargo/env" ]; then
        # shellcheck disable=SC1091
        . "$HOME/.cargo/env"
    fi
    command -v cargo >/dev/null || die "Rust is missing: see https://rustup.rs"
    need_package cc build-essential
    need_package pkg-config pkg-config
    need_package git git
    need_package curl curl
    # Elsewhere than on Debian and its kin, certificates lie in other places, and are there.
    if command -v apt-get >/dev/null && [ ! -s /etc/ssl/certs/ca-certificates.crt ]; then
        install_packages ca-certificates
    fi
}

# What the client of Kafka is compiled with; `tls` with the feature of that name.
need_kafka_client() {
    need_package make make
    [ "${1:-}" != tls ] || [ -f /usr/include/openssl/ssl.h ] || ! command -v apt-get >/dev/null || install_packages libssl-dev
    [ -f /usr/include/zlib.h ] || ! command -v apt-get >/dev/null || install_packages zlib1g-dev
}

# once NAME FILE COMMAND…: where a tool lies that FILE says all about, kept for all clones; COMMAND lays it down in the folder it is given.
# `verb` is what that is called where it is not installing.
once() {
    local name=$1 file=$2 place verb=${verb:-installing}
    shift 2
    place=$cache/$name-$(cksum <"$file" | cut -d' ' -f1)
    if [ ! -f "$place/done" ]; then
        say "$verb $name, once for all clones"
        rm -rf "$place"
        mkdir -p "$place"
        FILE=$file "$@" "$place" >&2 || die "$verb $name failed: see above"
        touch "$place/done"
    fi
    echo "$place"
}

# The packages of $FILE, a package.json, in a folder.
from_npm() {
    need_package npm npm
    cp "$FILE" "$1/package.json"
    (cd "$1" && npm install --silent --ignore-scripts --no-audit --no-fund --no-package-lock)
}

# The packages of $FILE, a requirements.txt, in a folder with an interpreter of its own.
from_pip() {
    need_package python3 python3
    python3 -m venv "$1" 2>/dev/null || { install_packages python3-venv && python3 -m venv "$1"; }
    "$1/bin/pip" install --quiet --disable-pip-version-check -r "$FILE"
}

# free_port [FROM-TO]: a port on which nobody listens.
free_port() {
    local port
    for port in $(shuf -i "${1:-10000-15999}" -n 50); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    die "no free port was found"
}

# What proofs run on is compiled as it is shipped, or quickly where that is asked for: what they look for is the same.
readonly profile=${ILT_PROFILE:-release}

# tested_host: the host as the tests compile it, so that nothing is compiled twice; leaves it in `bin`.
tested_host() {
    need_rust
    cargo test --quiet --manifest-path "$root/Cargo.toml" --workspace --all-features --no-run
    bin=$CARGO_TARGET_DIR/debug/ilt-host
}

# own_host [FILE]: a host to try, FILE or one that is built now; leaves it in `bin`, and in `components` where plugins lie that it can be given,
# nowhere when it was built without them.
own_host() {
    bin=${1:-}
    if [ -z "$bin" ]; then
        need_rust
        say "building; the first time takes some minutes"
        cargo build --profile "$profile" --manifest-path "$root/Cargo.toml" --package ilt-host --no-default-features --features calcom,plugins
        bin=$CARGO_TARGET_DIR/$profile/ilt-host
    fi
    bin=$(realpath -- "$bin")
    components=
    ! "$bin" plugins --help >/dev/null 2>&1 || components=${ILT_TEST_PLUGINS:-$("$root/scripts/plugins" rust)}
}

# proved NAME SQLITE KEEP MODULE ARGUMENT…: runs a module of proof/ with a work folder and a database of its own, and stops and removes both.
proved() {
    local name=$1 sqlite=$2 module=$4 store
    # Not local: what finishes runs when this function is gone.
    keep_work=$3
    shift 4
    need_package python3 python3
    work=$(mktemp -d "/tmp/ilt-$name.XXXXXX")
    chmod 755 "$work"
    runs=
    finish() {
        if [ -n "$runs" ]; then
            kill "$runs" 2>/dev/null || true
            wait "$runs" || true
        fi
        [ ! -d "$work/postgres" ] || "$root/scripts/postgres" stop "$work/postgres"
        if [ -n "$keep_work" ]; then say "kept: $work"; else rm -rf "$work"; fi
    }
    trap finish EXIT
    trap 'exit 1' INT TERM
    store=(--store "sqlite:$work/ilt.db")
    if [ -z "$sqlite" ]; then
        need_package psql postgresql-client
        say "starting PostgreSQL"
        store=(--store "$("$root/scripts/postgres" start "$work/postgres")" --postgres-folder "$work/postgres"
            --postgres-script "$root/scripts/postgres")
    fi
    cd "$root"
    python3 -m "$module" --bin "$bin" --work "$work" --contract docs/openapi.json ${components:+--components "$components"} "${store[@]}" "$@" &
    runs=$!
    local status=0
    wait "$runs" || status=$?
    runs=
    exit "$status"
}
