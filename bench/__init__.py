"""Benchmarks: simulated programs with known truth, baselines, and how well the engine does."""
