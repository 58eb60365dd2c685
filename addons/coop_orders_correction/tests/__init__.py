from . import (
    test_correction,
    test_offer_reprice,
)
