from . import test_fec
