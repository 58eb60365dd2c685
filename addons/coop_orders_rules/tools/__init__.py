from . import box_fill
