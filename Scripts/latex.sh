#!/usr/bin/env bash
# Compiles LaTeX documents to PDF and fails where a page would not look right.
#
#   Scripts/latex.sh OUTPUT FOLDER …
#
# The PDF of FOLDER/name.tex is OUTPUT/FOLDER/name.pdf; folders inside FOLDER are searched too. Files that are no documents of their own (tables to be included) are
# passed over. Overfull lines, undefined or duplicate references and characters without a glyph are failures.
set -euo pipefail

if [ $# -lt 2 ]; then
  echo "usage: Scripts/latex.sh OUTPUT FOLDER …" >&2
  exit 64
fi

root=$(pwd)
case $1 in /*) target=$1 ;; *) target=$root/$1 ;; esac
shift

# One message of the log is one line.
export max_print_line=10000 error_line=254 half_error_line=238

sources=()
failures=0
documents=0

report() {
  printf 'latex: %s: %s\n' "$1" "$2" >&2
  sed 's/^/    /' >&2
  failures=$((failures + 1))
}

compile() {
  local source=$1 folder name output
  folder=$(dirname "$source")
  name=$(basename "$source" .tex)
  output=$target/$folder
  mkdir -p "$output"
  local pass
  for pass in 1 2 3 4; do
    if ! (cd "$folder" &&
      pdflatex -interaction=nonstopmode -halt-on-error -file-line-error "-output-directory=$output" "$name.tex") \
      >"$output/$name.out.txt" 2>&1; then
      report "$source" "does not compile" < <(grep -A4 -E '^(!|[^ ]+:[0-9]+: )' "$output/$name.out.txt" || tail -n 20 "$output/$name.out.txt")
      return
    fi
    # A third pass only where page numbers or column widths moved in the second.
    [ "$pass" -ge 2 ] && ! grep -qE 'Rerun to get|\(re\)?run LaTeX|Rerun LaTeX' "$output/$name.log" && break
  done
  local complaints='^Overfull|^LaTeX (Font )?Warning: .*(undefined|multiply defined|not available|Rerun)'
  complaints+='|^Missing character|^LaTeX Warning: (Reference|Citation)|^Package [a-z]+ Warning'
  complaints+='|^pdfTeX warning'
  local found
  found=$(grep -E "$complaints" "$output/$name.log" || true)
  if [ -n "$found" ]; then
    report "$source" "$(printf '%s\n' "$found" | wc -l | tr -d ' ') warnings" < <(printf '%s\n' "$found" | head -n 20)
    return
  fi
  printf 'latex: %s\n' "${output#"$root"/}/$name.pdf"
}

for folder in "$@"; do
  [ -d "$folder" ] || continue
  while IFS= read -r source; do sources+=("$source"); done < <(find "$folder" -name '*.tex' | LC_ALL=C sort)
done

for source in ${sources[@]+"${sources[@]}"}; do
  grep -q '^[[:space:]]*\\documentclass' "$source" || continue
  documents=$((documents + 1))
  compile "$source"
done

if [ "$documents" -eq 0 ]; then
  echo "latex: no document (a .tex file with a \\documentclass) in: $*" >&2
  exit 1
fi
if [ "$failures" -gt 0 ]; then
  printf 'latex: %d of %d documents failed\n' "$failures" "$documents" >&2
  exit 1
fi
printf 'latex: %d documents, no overfull line, no undefined reference\n' "$documents"
