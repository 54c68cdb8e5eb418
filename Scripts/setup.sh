#!/usr/bin/env bash
# Makes sure that what this project needs from the system is there, and installs what is not.
#
#   Scripts/setup.sh          Swift and the native libraries: what building and testing need
#   Scripts/setup.sh latex    LaTeX: what compiling derivations/ and tables/ needs
#   Scripts/setup.sh mpi      Open MPI: what building MPI/ and running it need
#
# Says nothing and changes nothing when nothing is missing.
set -euo pipefail

swift_needed=6.0
brew_formulas=(gmp lapack openblas flint)
latex_styles=(adjustbox amsmath amssymb amsthm array booktabs fontenc geometry hyperref lmodern longtable mathtools
  microtype pgfplots placeins siunitx)

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

say() { printf 'setup: %s\n' "$*" >&2; }

has() { command -v "$1" >/dev/null 2>&1; }

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hessian-setup.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# --- Swift -----------------------------------------------------------------------------------------------------------

check_swift() {
  has swift || fail \
    "Swift is missing. Install Swift $swift_needed or newer from https://www.swift.org/install and put it on the PATH."
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | sed -n 1p)
  [ -n "$version" ] || fail "'swift --version' does not name a version; is the toolchain complete?"
  if [ "${version%%.*}" -lt "${swift_needed%%.*}" ]; then
    fail "Swift $version is too old: this project needs $swift_needed or newer, from https://www.swift.org/install."
  fi
}

# --- Native libraries ------------------------------------------------------------------------------------------------

find_compiler() {
  local candidate
  for candidate in "${CC:-}" cc clang gcc "$(dirname "$(command -v swift)")/clang"; do
    if [ -n "$candidate" ] && has "$candidate"; then
      printf '%s' "$candidate"
      return
    fi
  done
}

# Homebrew keeps some formulas out of the default search paths.
search_flags=()
find_brew_flags() {
  search_flags=()
  has apt-get && return
  has brew || return 0
  local formula prefix
  for formula in "${brew_formulas[@]}"; do
    prefix="$(brew --prefix)/opt/$formula"
    [ -d "$prefix" ] && search_flags+=("-I$prefix/include" "-L$prefix/lib")
  done
  return 0
}

# Compiles, links and runs a program from standard input.
probe() {
  cat >"$scratch/probe.c"
  "$compiler" -o "$scratch/probe" "$scratch/probe.c" ${search_flags[@]+"${search_flags[@]}"} "$@" >/dev/null 2>&1 &&
    "$scratch/probe" >/dev/null 2>&1
}

has_gmp() {
  probe -lgmp <<'C'
#include <gmp.h>
int main(void) { mpq_t q; mpq_init(q); mpq_clear(q); return 0; }
C
}

has_lapacke() {
  probe -llapacke -lblas <<'C'
#include <lapacke.h>
int main(void) { double a[1] = {1}, s[1]; return LAPACKE_dgesdd(LAPACK_COL_MAJOR, 'N', 1, 1, a, 1, s, 0, 1, 0, 1); }
C
}

has_cblas() {
  probe -lblas <<'C'
#include <cblas.h>
int main(void) { double a[1] = {1}; return cblas_ddot(1, a, 1, a, 1) != 1; }
C
}

# The reference BLAS gives the same answers some ten times slower. Who has OpenBLAS installed but not chosen meant it.
has_fast_blas() {
  [ "$(uname -s)" = Linux ] || return 0
  probe -lblas -ldl <<'C'
#define _GNU_SOURCE
#include <cblas.h>
#include <dlfcn.h>
int main(void) {
  double a[1] = {1};
  if (cblas_ddot(1, a, 1, a, 1) != 1) return 1;
  return !dlsym(RTLD_DEFAULT, "openblas_get_config") && !dlopen("libopenblas.so.0", RTLD_LAZY);
}
C
}

has_flint() {
  probe -lflint -lgmp <<'C'
#include <flint/fmpq_mat.h>
int main(void) { fmpq_mat_t m; fmpq_mat_init(m, 1, 1); fmpq_mat_clear(m); return 0; }
C
}

# Arb is a library of its own, in Debian's naming, before FLINT 3 and a part of FLINT since: as Package.swift links it.
has_arb() {
  local source='int main(void) { arb_t x; arb_init(x); arb_clear(x); return 0; }'
  printf '#include <flint/arb.h>\n%s\n' "$source" | probe -lflint -lgmp && return
  printf '#include <arb.h>\n%s\n' "$source" | probe -lflint-arb -lflint -lgmp
}

has_zlib() {
  probe -lz <<'C'
#include <zlib.h>
int main(void) { return zlibVersion()[0] == 0; }
C
}

missing_libraries() {
  has_gmp || echo gmp
  has_lapacke || echo lapacke
  has_cblas || echo cblas
  has_fast_blas || echo openblas
  has_flint || echo flint
  has_arb || echo arb
  has_zlib || echo zlib
}

# --- Installing ------------------------------------------------------------------------------------------------------

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    fail "installing needs root, and there is no sudo; run as root: $*"
  fi
}

# Shows what apt-get said only where it failed.
apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" \
    >"$scratch/apt.log" 2>&1 && return
  cat "$scratch/apt.log" >&2
  return 1
}

# A list that cannot be fetched need not be the one that is needed.
apt_update() { apt update || say "apt-get update failed; going on with the package lists there are"; }

apt_install() {
  apt install -y --no-install-recommends "$@" || fail "apt-get could not install: $*"
}

apt_packages() {
  local name
  for name in "$@"; do
    case $name in
      gmp) echo libgmp-dev ;;
      lapacke) echo liblapacke-dev ;;
      cblas) echo libblas-dev ;;
      openblas) echo libopenblas0-pthread ;;
      flint) echo libflint-dev ;;
      zlib) echo zlib1g-dev ;;
      # Where FLINT is version 3 or newer, it holds Arb, and no package of this name exists.
      arb) if apt-cache show libflint-arb-dev >/dev/null 2>&1; then echo libflint-arb-dev; else echo libflint-dev; fi ;;
    esac
  done
}

setup_build() {
  check_swift
  local missing compiler names
  compiler=$(find_compiler)
  if [ -z "$compiler" ]; then
    has apt-get || fail "a C compiler is missing: install clang or gcc."
    say "installing a C compiler"
    apt_update
    apt_install gcc libc6-dev
    compiler=$(find_compiler)
  fi
  find_brew_flags
  missing=$(missing_libraries)
  [ -z "$missing" ] && return
  names=$(printf '%s' "$missing" | tr '\n' ' ')
  say "missing native libraries: $names"
  if has apt-get; then
    apt_update
    # shellcheck disable=SC2046,SC2086  # both are lists of words
    apt_install $(apt_packages $missing)
  elif has brew; then
    brew install "${brew_formulas[@]}" >&2
    find_brew_flags
  else
    fail "there is neither apt-get nor brew here; install by your system's means, headers included:" \
      "  GMP, LAPACKE, a BLAS with cblas.h (OpenBLAS for speed), FLINT, Arb where FLINT is older than 3, and zlib."
  fi
  missing=$(missing_libraries | tr '\n' ' ')
  [ -z "$missing" ] || fail "installed, but still not usable with $compiler: $missing" \
    "  try to compile a program that includes their headers; CC chooses another compiler."
  say "native libraries are installed"
}

# --- LaTeX -----------------------------------------------------------------------------------------------------------

missing_latex() {
  if ! has pdflatex || ! has kpsewhich; then
    echo pdflatex
    return
  fi
  local style
  for style in "${latex_styles[@]}"; do
    [ -n "$(kpsewhich "$style.sty")" ] || echo "$style.sty"
  done
}

setup_latex() {
  local missing
  missing=$(missing_latex | tr '\n' ' ')
  [ -z "$missing" ] && return
  say "missing for LaTeX: $missing"
  if has apt-get; then
    apt_update
    apt_install texlive-latex-base texlive-latex-recommended texlive-pictures texlive-latex-extra texlive-science \
      texlive-fonts-recommended lmodern
  else
    # MacTeX is several gigabytes: not to be installed without being asked.
    fail "install TeX Live with: ${latex_styles[*]}" "  (macOS: brew install --cask mactex-no-gui)"
  fi
  missing=$(missing_latex | tr '\n' ' ')
  [ -z "$missing" ] || fail "installed, but still missing: $missing"
  say "LaTeX is installed"
}

# --- MPI -------------------------------------------------------------------------------------------------------------

# Where another MPI is the default, Debian keeps this name for Open MPI's.
has_open_mpi() {
  local candidate
  for candidate in mpirun mpirun.openmpi; do
    if has "$candidate" && "$candidate" --version 2>/dev/null | grep -q 'Open MPI'; then return; fi
  done
  return 1
}

# The package manager of Swift finds headers and libraries by what pkg-config knows.
missing_mpi() {
  has pkg-config || echo pkg-config
  has_open_mpi || echo mpirun
  pkg-config --exists ompi-c 2>/dev/null || echo mpi.h
}

setup_mpi() {
  local missing
  missing=$(missing_mpi | tr '\n' ' ')
  [ -z "$missing" ] && return
  say "missing for MPI: $missing"
  if has apt-get; then
    apt_update
    apt_install libopenmpi-dev openmpi-bin pkg-config
  elif has brew; then
    brew install open-mpi pkg-config >&2
  else
    fail "there is neither apt-get nor brew here; install Open MPI with its headers, and pkg-config, by your system's means."
  fi
  missing=$(missing_mpi | tr '\n' ' ')
  [ -z "$missing" ] || fail "installed, but still missing: $missing" \
    "  mpirun has to be Open MPI's and on the PATH, and pkg-config has to know ompi-c; see PKG_CONFIG_PATH."
  say "Open MPI is installed"
}

case ${1:-build} in
  build) setup_build ;;
  latex) setup_latex ;;
  mpi) setup_mpi ;;
  *)
    echo "usage: Scripts/setup.sh [latex|mpi]" >&2
    exit 64
    ;;
esac
