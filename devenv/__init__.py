"""What ./dev does: make the environment, run the demo, the tests, the checks and the benchmarks.

Modules here use the standard library only, as most of them run before the virtual environment exists. The
exceptions are `demo_script`, `demo_runs` and `demo_month`, which run inside Odoo.
"""
