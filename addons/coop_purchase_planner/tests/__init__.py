# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_planner_tools,
    test_product_forecast,
    test_purchase_plan,
    test_purchase_plan_tour,
)
