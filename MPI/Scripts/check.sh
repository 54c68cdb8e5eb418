#!/usr/bin/env bash
# Checks what was built: one, two and three ranks give the same numbers to the last bit, and errors are told once.
#
#   MPI/Scripts/check.sh FOLDER    the folder of hessian-mpi and mpi-check, such as MPI/.build/release
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${1:?usage: MPI/Scripts/check.sh FOLDER}
weights=Examples/albert-attention.safetensors
options=(--weights "$weights" --head 3 --sequences 5 --tokens 6 --target zero --tolerance 1e-3 --exact)

fail() {
  printf 'check: %s\n' "$*" >&2
  exit 1
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hessian-mpi.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# Open MPI's, where another MPI is the default.
mpirun=mpirun
if ! mpirun --version 2>/dev/null | grep -q 'Open MPI'; then mpirun=mpirun.openmpi; fi

# Containers seldom allow a process to read the memory of another, and Open MPI complains where it is not allowed.
export OMPI_MCA_btl_vader_single_copy_mechanism=none

# A rank that waits for one that is gone would wait for ever.
run() {
  local ranks=$1
  shift
  "$mpirun" --quiet --allow-run-as-root --oversubscribe --bind-to none --timeout 300 -n "$ranks" "$@" </dev/null
}

# --- The same numbers ------------------------------------------------------------------------------------------------

for ranks in 1 2 3; do run "$ranks" "$folder/mpi-check" || fail "mpi-check failed with $ranks ranks"; done

status=0
"$folder/hessian-mpi" "${options[@]}" >"$scratch/expected" 2>"$scratch/errors" || status=$?
[ "$status" -eq 0 ] || fail "hessian-mpi ended with status $status: $(cat "$scratch/errors")"
cat "$scratch/expected"
for ranks in 1 2 3; do
  for threads in 1 2; do
    run "$ranks" "$folder/hessian-mpi" "${options[@]}" --threads "$threads" >"$scratch/found" 2>"$scratch/errors" || true
    grep -q "samples on $ranks rank" "$scratch/found" ||
      fail "there are no $ranks ranks: $(cat "$scratch/errors")"
    # That line alone may differ.
    diff <(grep -v ' samples on ' "$scratch/expected") <(grep -v ' samples on ' "$scratch/found") ||
      fail "$ranks ranks with $threads threads give something else than one process"
  done
done
echo "hessian-mpi: the same to the last digit on 1, 2 and 3 ranks, with 1 and 2 threads"

# --- Errors ----------------------------------------------------------------------------------------------------------

# The exit status that is expected, then the arguments.
expect_error() {
  local expected=$1 status=0
  shift
  run 3 "$folder/hessian-mpi" "$@" >"$scratch/output" 2>"$scratch/errors" || status=$?
  [ "$status" -eq "$expected" ] || fail "status $status, not $expected: $*"
  [ "$(grep -c '^error: ' "$scratch/errors")" -eq 1 ] || fail "not one error: $*: $(cat "$scratch/errors")"
  [ ! -s "$scratch/output" ] || [ "$expected" -eq 2 ] || fail "output beside an error: $*"
}

printf '{"kernel": "softmax"}\n' >"$scratch/bad.json"
expect_error 64
expect_error 64 --instance a.json --weights b.safetensors
expect_error 64 --instance a.json --threads 0
expect_error 65 --instance "$scratch/bad.json"
expect_error 65 --weights "$weights" --head 99
expect_error 66 --instance "$scratch/none.json"
expect_error 2 "${options[@]}" --products 3
run 3 "$folder/hessian-mpi" --help >"$scratch/help" || fail "no help"
[ "$(grep -c '^USAGE:' "$scratch/help")" -eq 1 ] || fail "help is not given once"
echo "hessian-mpi: errors are told once, with the statuses of hessian"
