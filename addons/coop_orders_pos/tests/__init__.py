from . import test_shelf_books
