# The menu: `just` lists it.
_default:
    @just --list

# formatting, lints, documentation, licences, every test
test *args:
    scripts/test {{args}}

# the tests alone
fast *args:
    scripts/test --fast {{args}}

# the whole product on one SQLite file
demo *args:
    scripts/demo {{args}}

# REST contract, printed anew into docs/openapi.json
api:
    ILT_UPDATE=1 cargo test -p ilt-host --test contract openapi
