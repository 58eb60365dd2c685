from . import (
    allocation,
    box_fill,
    forecast,
    planner,
    recurrence,
    shelf,
    supplier_minimum,
)
