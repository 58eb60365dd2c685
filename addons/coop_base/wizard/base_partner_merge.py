# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Beside our own tables: Odoo's, in which a person has one row a window.
TABLES = ("sale_order", "purchase_order")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's merge of contacts, without losing what both cards have.

    Odoo gives the rows of the one card to the other by one statement a table; where a
    single row is there twice it deletes *all* rows of the card, of all windows. So
    twins are settled before, one by one, or the merge is refused with what stands in
    its way.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        others = dst_partner
        for partner in src_partners:
            self._coop_settle_twins(partner, others)
            others |= partner
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _coop_settle_twins(self, partner, others):
        """Settle the rows of ``partner`` that one of ``others`` has as well.

        :raise UserError: a twin that nobody can settle without deciding
        """
        self.env.flush_all()
        for table, column, columns, condition in self._coop_find_unique():
            model = self._coop_get_model(table)
            if model is None:
                continue
            for row_id, twin_id in self._coop_find_twins(
                table, column, columns, condition, partner, others
            ):
                # sudo: whoever may merge contacts merges what hangs on them.
                row, twin = model.sudo().browse([row_id, twin_id])
                if not hasattr(row, "_coop_merge_twin"):
                    raise UserError(
                        self.env._(
                            "Both cards have “%(what)s” (%(kind)s): settle one of the"
                            " two, then merge them.",
                            what=twin.display_name,
                            kind=model._description,
                        )
                    )
                row._coop_merge_twin(twin)
                self.env.flush_all()

    def _coop_get_model(self, table):
        for name in self.env.registry:
            model = self.env[name]
            if model._table == table and not model._abstract and model._auto:
                return model
        return None

    def _coop_find_unique(self):
        """``[(table, column of the contact, other columns, condition)]``.

        Unique indexes of which a reference to a contact is a part.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT tab.relname, att.attname,
                    ARRAY(
                        SELECT other.attname FROM unnest(idx.indkey) AS key
                        JOIN pg_attribute other
                            ON other.attrelid = tab.oid AND other.attnum = key
                        WHERE key <> att.attnum
                    ),
                    COALESCE(pg_get_expr(idx.indpred, tab.oid), 'TRUE')
                FROM pg_index idx
                JOIN pg_class tab ON tab.oid = idx.indrelid
                JOIN pg_constraint con ON con.conrelid = tab.oid
                    AND con.contype = 'f'
                    AND con.confrelid = 'res_partner'::regclass
                    AND array_length(con.conkey, 1) = 1
                JOIN pg_attribute att
                    ON att.attrelid = tab.oid AND att.attnum = con.conkey[1]
                WHERE idx.indisunique AND NOT idx.indisprimary
                  AND att.attnum = ANY(idx.indkey) AND NOT 0 = ANY(idx.indkey)
                  AND (tab.relname LIKE 'coop\\_%%' OR tab.relname = ANY(%s))
                ORDER BY tab.relname, att.attname
                """,
                list(TABLES),
            )
        )

    def _coop_find_twins(self, table, column, columns, condition, partner, others):
        """``[(id of a row of partner, id of its twin of others)]``."""
        rows = SQL(
            "(SELECT * FROM %s WHERE %s)",
            SQL.identifier(table),
            # From PostgreSQL's own catalogue of an index of ours.
            SQL(condition.replace("%", "%%")),
        )
        same = [
            SQL("mine.%s = twin.%s", *[SQL.identifier(name)] * 2) for name in columns
        ]
        return self.env.execute_query(
            SQL(
                "SELECT mine.id, twin.id FROM %s mine JOIN %s twin ON %s"
                " WHERE mine.%s = %s AND twin.%s = ANY(%s)",
                rows,
                rows,
                SQL(" AND ").join(same) if same else SQL("TRUE"),
                SQL.identifier(column),
                partner.id,
                SQL.identifier(column),
                others.ids,
            )
        )
