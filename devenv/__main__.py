"""`python -m devenv` in the checkout's environment: for commands that need its packages (./dev itself needs none)."""

import sys

from devenv import cli

sys.exit(cli.main(sys.argv[1:]))
