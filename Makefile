# Best Stuff. `make` alone lists what can be made. Written for GNU make 3.81 and later.

PYTHON = python3
PORT = 8000
MAIL_PORT = 8025
REHEARSAL =
ARGS =
DRILLS = $(wildcard tests/drills/*_drill.py)
FAULTS = tests/faults/test_outbox_kills.py tests/faults/everything_at_once.py

# Always through the interpreter: the scripts beside it hold the path of the checkout and break when that is moved.
PY = .venv/bin/python

.PHONY: help demo demo-reset test screenshots check faults drills bench format lock audit sbom licenses clean
.DEFAULT_GOAL := help

help:
	@echo "make demo        start everything with a demo program (PORT=$(PORT) MAIL_PORT=$(MAIL_PORT) REHEARSAL=+9d)"
	@echo "make demo-reset  forget the demo's data, so that the next 'make demo' begins anew"
	@echo "make test        run the tests, those in a browser included (ARGS='tests/accounts -k mail')"
	@echo "make screenshots write the pictures of docs/images anew, from the browser tests (ARGS='-k export')"
	@echo "make check       format, lint, types, imports, templates, settings, migrations, upgrades, translations"
	@echo "make faults      kill, stop and cut what sends e-mail, for a long night (ARGS='-k everything' for a part)"
	@echo "make drills      restore a backup, install on a bare Debian, and other long rehearsals (ARGS='-k restore')"
	@echo "make bench       run the benchmarks (ARGS='--n 5000')"
	@echo "make format      put the code into its format"
	@echo "make lock        write the locks anew from pyproject.toml (ARGS=--upgrade for newer versions)"
	@echo "make audit       ask an advisory service about every package of every lock"
	@echo "make sbom        write what an installation is made of to var/sbom.json (CycloneDX)"
	@echo "make licenses    write docs/licenses.md anew"
	@echo "make clean       remove what can be made again: the environment, caches, and the demo"
	@echo "PYTHON=python3.12 chooses another Python (3.11 or newer)."

demo: .venv/demo.stamp
	@exec $(PY) -m dev.demo --port $(PORT) --mail-port $(MAIL_PORT) --rehearsal="$(REHEARSAL)" $(ARGS)

demo-reset: .venv/demo.stamp
	@exec $(PY) -m dev.demo --reset

test: .venv/dev.stamp
	@exec $(PY) -m dev.test $(ARGS)

screenshots: .venv/dev.stamp
	@SCREENSHOTS=1 exec $(PY) -m dev.test -m screenshots $(ARGS)

check: .venv/dev.stamp
	@exec $(PY) -m dev.check $(ARGS)

faults: .venv/dev.stamp
	@FAULT_KILLS=1000 FAULT_MESSAGES=20000 FAULT_STALLS=200 exec $(PY) -m dev.test -n 0 $(FAULTS) $(ARGS)

drills: .venv/dev.stamp
	@exec $(PY) -m dev.test -n 0 $(DRILLS) $(ARGS)

bench: .venv/dev.stamp
	@exec $(PY) -m dev.bench $(ARGS)

format: .venv/dev.stamp
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix-only --quiet .

lock: .venv/dev.stamp
	@exec $(PY) -m dev.lock $(ARGS)

audit: .venv/dev.stamp
	@exec $(PY) -m dev.audit

sbom: .venv/dev.stamp
	@exec $(PY) -m dev.sbom

licenses: .venv/dev.stamp
	@exec $(PY) -m dev.licenses

clean:
	@if [ -x $(PY) ] && [ -d var/demo ]; then $(PY) -m dev.demo --reset; fi
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- The virtual environment ---------------------------------------------------------------------------------------

.venv/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Best Stuff needs Python 3.11 or newer, and '$(PYTHON)' is not; choose one with: make PYTHON=python3.12"; exit 1; }
	@echo "Making the virtual environment (.venv)"
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; \
		echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.txt \
		|| echo "uv cannot be had; pip will do, more slowly"
	@touch $@

.venv/demo.stamp: .venv/made.stamp requirements-demo.txt
	@$(call install,requirements-demo.txt)

.venv/dev.stamp: .venv/made.stamp requirements-dev.txt
	@$(call install,requirements-dev.txt)

# uv is quick; where it is missing, or does not reach a registry that pip is set up for, pip does the same from the same lock.
define install
echo "Installing the packages of $(1) (a minute or so the first time)"; \
{ $(PY) -m uv --version >/dev/null 2>&1 \
	&& $(PY) -m uv pip install --quiet --system-certs --python $(PY) --require-hashes -r $(1); } \
|| { echo "Trying again with pip, which is slower"; \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); } \
&& touch $@
endef
