from . import test_tap
