# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_locks,
    test_order_box_fill,
    test_order_quota,
    test_order_rules,
    test_order_waiting,
    test_order_waiting_concurrency,
    test_waiting_notice,
)
