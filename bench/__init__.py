"""Benchmarks: simulated programs with known truth, baselines, and how well the engine does."""

import os

# One thread per process, as in the product: see partnerloop/__init__.py.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
