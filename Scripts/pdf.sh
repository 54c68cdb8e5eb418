#!/usr/bin/env bash
# Compiles generated documents; the PDF of FOLDER/name.tex is FOLDER/name.pdf.
#
#   Scripts/pdf.sh FILE.tex …
#
# The checks are those of Scripts/latex.sh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -gt 0 ] || { echo "usage: Scripts/pdf.sh FILE.tex …" >&2; exit 64; }
"$here/setup.sh" latex
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for file in "$@"; do
  name=$(basename "$file" .tex)
  mkdir -p "$work/source"
  cp "$file" "$work/source/"
  (cd "$work" && "$here/latex.sh" "$work/pdf" source) >/dev/null
  cp "$work/pdf/source/$name.pdf" "$(dirname "$file")/"
  rm -rf "$work/source"
  echo "$(dirname "$file")/$name.pdf"
done
