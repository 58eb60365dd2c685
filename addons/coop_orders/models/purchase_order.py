# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import remove_accents

from odoo.addons.coop_base.tools.localtime import format_local

from ..tools.terms import DEMAND_STATES


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = [
        "coop.purchase.order.spreadsheet",
        "purchase.order",
    ]

    order_window_id = fields.Many2one(
        "coop.order.window",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        check_company=True,
    )
    coop_sent_at = fields.Datetime(
        string="Sent to the Producer on", copy=False, readonly=True
    )
    coop_sent_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null"
    )

    _one_per_producer_and_window = models.UniqueIndex(
        "(order_window_id, partner_id)"
        " WHERE order_window_id IS NOT NULL AND state <> 'cancel'",
        "This producer already has an order for this window.",
    )

    def write(self, vals):
        if vals.get("coop_sent_at"):
            vals = {"coop_sent_by_id": self.env.uid, **vals}
        return super().write(vals)

    def _coop_confirm_and_send(self):
        """Confirm, e-mail with the PDF in the producer's language, remember it.

        The mails are queued in the same transaction as ``coop_sent_at``: either both
        are stored or none, so that no order is lost nor sent twice.
        """
        if not self:
            return self.env["mail.mail"]
        self.button_confirm()
        self.coop_sent_at = fields.Datetime.now()
        by_mail = self.filtered(lambda po: po.partner_id.email_normalized)
        for order in self - by_mail:
            order.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._(
                    "%(producer)s has no e-mail: give the order by telephone",
                    producer=order.partner_id.name,
                ),
                user_id=order.user_id.id or self.env.uid,
            )
        mails = self.env["mail.mail"]
        groups = by_mail.grouped(lambda po: po._coop_get_mail_template())
        for template, orders in groups.items():
            # sudo: the template is fixed; the orders were just confirmed by this user.
            mails |= template.sudo().send_mail_batch(orders.ids)
        if mails:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return mails

    def _coop_get_lang(self):
        """The language of the order's mail, PDF and spreadsheet."""
        self.ensure_one()
        return self.partner_id._coop_get_lang(self.company_id)

    def _coop_get_mail_template(self):
        """The mail that takes this order to its producer (hook)."""
        return self.env.ref("coop_orders.mail_template_purchase_order")

    def _coop_format_date_planned(self):
        """The expected delivery, in the cooperative's time and the reader's words."""
        self.ensure_one()
        return format_local(self.env, self.date_planned, self.company_id)

    def action_view_order_window(self):
        """Up the chain: the window of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_orders.coop_order_window_action"
        )
        action.update(
            views=[(False, "form")], view_mode="form", res_id=self.order_window_id.id
        )
        return action

    def _coop_read_demand(self):
        """``{offer: members' lines}`` of all these orders, in one query."""
        # sudo: totals by point, nobody's own order.
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .search_fetch(
                [
                    ("offer_id", "in", self.order_line.offer_id.ids),
                    # Not confirmed yet where the producer is ordered early.
                    ("state", "in", DEMAND_STATES),
                ],
                [
                    "offer_id",
                    "distribution_id",
                    "product_uom_qty",
                    "asked_at",
                    "asked_more",
                ],
            )
            .sorted(lambda line: (line.asked_at or line.create_date, line.id))
        )
        return lines.grouped("offer_id")

    def _coop_get_point_totals(self, supplied=None, demand=None):
        """Totals per collection point, for the producer who delivers by point.

        What is ordered, shared as it will be if all of it arrives: the totals of the
        points add up to the order, also where packs were rounded down.

        :param supplied: ``{purchase line: quantity}`` where it is not what is ordered
        :param demand: ``_coop_read_demand`` of several orders, to read it once
        :return: ``(points, rows)``: the points with a demand, and for each line
            ``{'line', 'quantities': [by point], 'rest': packs beyond the demand}``
        """
        self.ensure_one()
        purchase_lines = self.order_line.filtered("offer_id")
        by_offer = self._coop_read_demand() if demand is None else demand
        quantities_by_line = {
            line: (supplied or {}).get(line, line.product_qty)
            for line in purchase_lines
        }
        # sudo: shares by point, nobody's own order
        empty = self.env["sale.order.line"].sudo()
        totals, points = {}, self.env["coop.collection.point"]
        for purchase_line in purchase_lines:
            offer = purchase_line.offer_id.sudo()
            shares = offer._share_out(
                by_offer.get(offer, empty), quantities_by_line[purchase_line]
            )
            for line, share in shares.items():
                point = line.distribution_id.collection_point_id.sudo(False)
                key = (offer.id, point.id)
                totals[key] = totals.get(key, 0.0) + share
                points |= point
        points = points.sorted(lambda point: remove_accents(point.name).lower())
        rows = []
        for line in purchase_lines:
            quantities = [
                totals.get((line.offer_id.id, point.id), 0.0) for point in points
            ]
            rows.append(
                {
                    "line": line,
                    "quantities": quantities,
                    "rest": quantities_by_line[line] - sum(quantities),
                }
            )
        return points, rows

    def _coop_get_buyer(self):
        """Who deals with this order: its buyer, else the producer's."""
        self.ensure_one()
        buyer = self.user_id.filtered(lambda user: user._is_internal())
        buyer -= self.env.ref("base.user_root")
        return buyer or self.partner_id._coop_get_buyer()
