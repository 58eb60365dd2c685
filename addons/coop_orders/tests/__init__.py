from . import (
    test_allocate,
    test_basket,
    test_concurrency,
    test_entry_grid,
    test_planner_tools,
    test_portal,
    test_purchase,
    test_query_count,
    test_security,
    test_tools,
    test_tour,
    test_window,
)
