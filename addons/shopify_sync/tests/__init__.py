from . import test_once, test_outgoing_cancel
