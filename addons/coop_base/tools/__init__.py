from . import localtime
