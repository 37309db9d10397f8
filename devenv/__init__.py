"""What ./dev does: make the environment, run the demo, the tests, the checks and the benchmarks.

Modules here use the standard library only, as most of them run before the virtual environment exists. The one
exception is `demo_script`, which runs inside Odoo.
"""
