# make run   builds everything, plans a made-up district and serves the HTTP API until Ctrl-C
# make test  runs every test
#
# Both set up what they need, and work again without a network once they have run.

# Always the whole workspace in release: `-p` would unify the features of the dependencies otherwise, and another profile or
# another set of features compiles HiGHS again, which takes ten minutes of a core.
CARGO_FLAGS := --release --locked --workspace

.PHONY: run test setup

run: setup
	cargo build $(CARGO_FLAGS)
	@scripts/demo

test: setup
	cargo test $(CARGO_FLAGS)

setup:
	@scripts/setup
