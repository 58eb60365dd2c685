# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from ..tools.terms import ERASING


class CoopResPartnerOrdersPrivacy(models.AbstractModel):
    """Orders, their history and favourites in the person's own data."""

    # One file a subject; a thousand lines in one would not be read.
    _name = "coop.res.partner.orders.privacy"
    _description = "Contact: Personal Data"

    def _coop_privacy_orders(self):
        return (
            self.env["sale.order"]
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "child_of", self.id),
                    ("order_window_id", "!=", False),
                ]
            )
        )

    def _coop_privacy_export(self):
        sections = super()._coop_privacy_export() + self._coop_export_notices()
        orders = self._coop_privacy_orders()
        changes = self.env["coop.order.change"].search([("order_id", "in", orders.ids)])
        sections.append(
            self._coop_section(
                "commandes",
                self.env._("Orders"),
                orders,
                [
                    "name",
                    "order_window_id",
                    "create_date",
                    "state",
                    "collection_point_id",
                    "amount_total",
                    "coop_note",
                ],
            )
        )
        sections.append(
            self._coop_section(
                "lignes_de_commande",
                self.env._("Products ordered"),
                orders.order_line,
                [
                    "order_id",
                    "name",
                    "product_uom_qty",
                    "quantity_allocated",
                    "qty_delivered",
                    "price_total",
                ],
            )
        )
        history = self._coop_section(
            "historique_des_commandes",
            self.env._("History of the orders"),
            changes,
            ["order_id", "changed_at", "user_id", "kind", "product_id"],
        )
        history["columns"].append(("what", self.env._("Change")))
        for row, change in zip(history["rows"], changes, strict=True):
            row["what"] = change._coop_get_words()
        sections.append(history)
        sections.append(
            self._coop_section(
                "favoris",
                self.env._("Favourite products"),
                self.coop_favourite_ids,
                ["name"],
            )
        )
        return sections

    def _coop_get_due(self):
        """Orders that are not handed over yet."""
        # sudo: for who looks after this member.
        orders = self.env["sale.order"].sudo()
        under_way = orders.search(
            [
                ("partner_id", "child_of", self.id),
                ("order_window_id.state", "in", ("open", "closed")),
                ("state", "in", ("sent", "sale")),
            ]
        ).filtered(lambda order: order._coop_is_expected())
        return super()._coop_get_due() + [
            self.env._(
                "order %(order)s of %(window)s, %(amount)s",
                order=order.name,
                window=order.order_window_id.name,
                amount=order.currency_id.format(order.amount_total),
            )
            for order in under_way
        ]

    def _coop_privacy_erase(self, dry_run=False):
        orders = self._coop_privacy_orders()
        changes = self.env["coop.order.change"].search([("order_id", "in", orders.ids)])
        noted = orders.filtered("coop_note")
        lines = [
            self._coop_erase_line(
                self.env._("History of the orders"), len(changes), "delete"
            ),
            self._coop_erase_line(
                self.env._("Notes on the orders"), len(noted), "delete"
            ),
            self._coop_erase_line(
                self.env._("Favourite products"),
                len(self.coop_favourite_ids),
                "delete",
            ),
        ]
        if not dry_run:
            changes.with_context(coop_erasing=ERASING).unlink()
            quiet = noted.with_context(tracking_disable=True)
            quiet.write({"coop_note": False})
            # Which device tapped what.
            orders.filtered("coop_taps").with_context(tracking_disable=True).write(
                {"coop_taps": False}
            )
            self.coop_favourite_ids = [(5, 0, 0)]
        own = [line for line in lines if line["count"]]
        own += self._coop_erase_notices(dry_run)
        return own + super()._coop_privacy_erase(dry_run)
