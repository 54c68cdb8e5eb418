"""One contestant as a process: one request a line on standard input, one answer a line on standard output, in JSON.

    {"do": "load", "inputs": path, "quantity": name}   the inputs, and the one-time work for them
    {"do": "prepare", "set": k}                        what a set of weights needs before products with vectors
    {"do": "time", "memory": m, "rehearse": b, "seconds": s, "calls": c, "first": k}
                                                       times single calls, until s seconds or c calls are over, after
                                                       one that is not timed where b is true
    {"do": "result", "set": k, "output": path}         writes what the calls compute, for comparison
    {"do": "reference", "set": k}                      the spectral norm to rounding error

Every answer is an object; one with the key "error" says what went wrong, one with "refused" that this contestant does
not do this. Anything that a library prints goes to standard error.
"""

import gc
import importlib
import json
import os
import resource
import sys
import time

import numpy as np

import lanczos
from attention import Inputs


def peak_memory():
    """The most memory that was resident so far, in bytes."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return 1024 * int(line.split()[1])
    except OSError:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


class Worker:
    def __init__(self, contestant, threads):
        self.name, self.threads = contestant, threads
        module, self.method = contestant.split(".", 1)
        started = time.perf_counter()
        self.library = importlib.import_module("peer_" + module)
        self.library.set_threads(threads)
        self.import_seconds = time.perf_counter() - started
        self.measured = None

    def hello(self, request):
        return {"versions": {**self.library.versions(), **lanczos.versions()}, "import": self.import_seconds}

    def load(self, request):
        self.inputs = getattr(self.library, "Inputs", Inputs)(request["inputs"])
        self.quantity = request["quantity"]
        before = peak_memory()
        self.measured = self.library.make(self.inputs, self.quantity, self.method)
        if self.measured is None:
            return {"refused": f"{self.name} has no {self.quantity}"}
        started = time.perf_counter()
        self.measured.compile()
        return {"compile": time.perf_counter() - started, "memory": before, "peak": peak_memory()}

    def prepare(self, request):
        started = time.perf_counter()
        self.measured.prepare(request["set"])
        return {"seconds": time.perf_counter() - started}

    def time(self, request):
        seconds, k = [], request["first"]
        self.measured.memory = request["memory"]
        gc.disable()
        if request["rehearse"]:
            self.measured.call(k - 1)
        end = time.perf_counter() + request["seconds"]
        while not seconds or (len(seconds) < request["calls"] and time.perf_counter() < end):
            started = time.perf_counter()
            result = self.measured.call(k)
            seconds.append(time.perf_counter() - started)
            # Giving memory back is not part of the call.
            del result
            k += 1
        gc.enable()
        gc.collect()
        return {"seconds": seconds, "peak": peak_memory(), "products": self.measured.products}

    def result(self, request):
        value = np.asarray(self.measured.array(self.measured.call(request["set"])), dtype=np.float64)
        if value.ndim == 2:
            # Some whole rows, and all columns weighed by a vector.
            step = max(1, value.shape[0] // 96)
            value = np.concatenate([value[::step].reshape(-1), value @ self.inputs.vectors[0]])
        value.astype("<f8").tofile(request["output"])
        return {"count": int(value.size)}

    def reference(self, request):
        return {"value": float(self.measured.reference(request["set"]))}

    def answer(self, line):
        try:
            request = json.loads(line)
            return getattr(self, request["do"])(request)
        except MemoryError:
            return {"error": "out of memory"}
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}".replace("\n", " ")[:400]}


def main():
    # What libraries print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    worker = Worker(sys.argv[1], int(sys.argv[2]))
    for line in sys.stdin:
        print(json.dumps(worker.answer(line)), file=answers, flush=True)


if __name__ == "__main__":
    main()
