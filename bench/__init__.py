"""Benchmarks: `python -m bench.NAME [--n N]` prints JSON lines. docs/benchmarks.md says how to read them."""
