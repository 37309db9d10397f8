from . import test_once
