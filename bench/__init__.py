"""Benchmarks, run by ./dev bench NAME. Modules that can be run are benchmarks; the others are their parts."""
