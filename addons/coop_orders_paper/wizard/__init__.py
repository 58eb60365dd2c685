from . import coop_order_form_import
