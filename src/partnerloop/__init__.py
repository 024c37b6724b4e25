"""Partnerloop: the open-source, self-hosted, real-time partner feedback loop."""

import os

# The engine's matrices are small: a second thread of the linear algebra library only gets in the
# way (measured: 200 ms instead of 2.5 on two busy cores). Must be set before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
