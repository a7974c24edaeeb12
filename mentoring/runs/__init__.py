"""Matching runs: a pool is matched and the result is kept, by whoever has the time for it."""
