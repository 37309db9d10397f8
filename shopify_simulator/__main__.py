"""``python -m shopify_simulator``."""

from .cli import main

raise SystemExit(main())
