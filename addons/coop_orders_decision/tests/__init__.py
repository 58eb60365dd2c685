from . import (
    test_early_order,
    test_give_up,
    test_minimum,
)
