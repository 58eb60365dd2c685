from . import (
    test_order_trial,
)
