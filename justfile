# The menu: `just` lists it.
_default:
    @just --list

# formatting, lints, documentation, licences, every test
test *args:
    scripts/test {{args}}

# what can be said without running anything: formatting, file sizes, lints
check:
    cargo fmt --all --check
    scripts/check-sizes
    cargo clippy --workspace --all-targets --all-features -- -D warnings

# the tests alone
fast *args:
    scripts/test --fast {{args}}

# ten thousand histories of several hosts on one database, or as many as are asked for
simulate *args:
    scripts/simulate {{args}}

# the proof from outside: hosts that die, clients that do everything, races, and a checker of its own
prove *args:
    python3 -m unittest proof.forged
    scripts/races
    scripts/mix {{args}}

# a host held to its contract by tools that others use, and by clients that are generated
contract *args:
    scripts/contract {{args}}

# the package for Python: its wheel, installed and tried
python *args:
    scripts/python {{args}}

# every parser that meets the outside, given whatever comes
fuzz *args:
    scripts/fuzz {{args}}

# the whole product on one SQLite file
demo *args:
    scripts/demo {{args}}

# the documentation of every crate, in a browser
docs:
    cargo doc --no-deps --workspace --all-features --open

# registrations a second beside pgbench, and alternatives beside a query; some minutes each
bench:
    bench/registrations
    bench/alternatives

# REST contract, printed anew into docs/openapi.json
api:
    ILT_UPDATE=1 cargo test -p ilt-host --test rest openapi
