from . import (
    test_planner_tools,
    test_product_forecast,
    test_purchase_plan,
    test_purchase_plan_tour,
)
