from . import coop_shelf_books
