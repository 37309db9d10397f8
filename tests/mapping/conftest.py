"""Hypothesis: no deadline, and the same examples on every run of the continuous integration."""

import os
import sys
from pathlib import Path

from hypothesis import settings

# The orders made by hand are a module beside the tests (`tests` itself is the name of the addon's test package).
sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")
