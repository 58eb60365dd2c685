from . import allocation, box_fill, recurrence, supplier_minimum
