from . import allocation, box_fill, forecast, planner, recurrence, supplier_minimum
