#!/usr/bin/env bash
# Installs the peers of requirements.txt into Benchmarks/.venv, which git ignores; PYTHON chooses the interpreter.
#
# Says nothing and changes nothing where they are installed.
set -euo pipefail

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

cd "$(dirname "$0")/.."
environment=.venv
installed=$environment/requirements.txt
cmp -s requirements.txt "$installed" && exit 0

python=${PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || fail "$python is missing; install Python 3.11 or newer, or name one by PYTHON."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "the peers need Python 3.11 or newer, and $python is older; name another by PYTHON."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  fail "$python cannot make virtual environments; install its venv module (Debian: python3-venv)."

echo "setup: installing the peers into $(pwd)/$environment (about 2 GB)" >&2
"$python" -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --requirement requirements.txt ||
  fail "pip could not install what requirements.txt lists."
cp requirements.txt "$installed"
