# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
def migrate(cr, version):
    """Grams are a setting now: what `coop_logistics` changed before can be put back."""
    cr.execute(
        """
        INSERT INTO ir_config_parameter (key, value, create_date, write_date)
        SELECT 'coop_orders.unit_digits_before', '2', now(), now()
          FROM decimal_precision
         WHERE name = 'Product Unit' AND digits = 3
           AND EXISTS (SELECT 1 FROM ir_module_module
                        WHERE name = 'coop_logistics'
                          AND state IN ('installed', 'to upgrade'))
        ON CONFLICT DO NOTHING
        """
    )
