# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_entry_grid,
    test_entry_grid_together,
    test_entry_grid_tour,
    test_order_form,
    test_paper_order_form,
)
