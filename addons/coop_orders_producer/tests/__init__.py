# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_producer,
    test_producer_catalogue,
    test_producer_helper,
    test_producer_shop_order,
    test_producer_tour,
    test_shortage,
)
