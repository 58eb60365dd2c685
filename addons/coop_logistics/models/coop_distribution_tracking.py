# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.coop_base.tools.localtime import to_local

from ..tools.terms import STAFF


class CoopDistributionTracking(models.AbstractModel):
    """The tracking table: what a group sends to the office after each distribution."""

    _name = "coop.distribution.tracking"
    _description = "Distribution: Tracking Table"

    tracking_member_count = fields.Integer(
        string="Members Served", compute="_compute_tracking", groups=STAFF
    )
    tracking_cheque_count = fields.Integer(
        string="Number of Cheques", compute="_compute_tracking", groups=STAFF
    )
    tracking_new_count = fields.Integer(
        string="New Memberships",
        compute="_compute_tracking",
        groups=STAFF,
        help="First memberships of members of this point, dated that day.",
    )
    tracking_renewed_count = fields.Integer(
        string="Memberships Renewed", compute="_compute_tracking", groups=STAFF
    )
    tracking_volunteer_count = fields.Integer(
        string="Volunteers Present", compute="_compute_tracking", groups=STAFF
    )
    tracking_left_text = fields.Char(
        string="Left Over", compute="_compute_tracking", groups=STAFF
    )
    equipment_needed = fields.Text(
        groups=STAFF,
        tracking=True,
        help="What is missing here (bags, gloves, scales…): it is written on the"
        " loading sheet of the next distribution of this point.",
    )
    equipment_brought_at = fields.Datetime(
        string="Equipment Brought on", readonly=True, copy=False, groups=STAFF
    )

    @api.depends_context("uid")
    def _compute_tracking(self):
        """In batch; nothing of the points that somebody else runs."""
        shown = self.filtered(lambda d: d._user_can_track())
        rows = shown._get_tracking_figures()
        nothing = dict.fromkeys(self._get_tracking_fields(), 0)
        nothing["tracking_left_text"] = False
        for distribution in self:
            distribution.update({**nothing, **rows.get(distribution.id, {})})

    def _get_tracking_fields(self):
        return [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_tracking"
        ]

    def _user_can_track(self):
        """Whoever runs it, buys for it or keeps its accounts."""
        self.ensure_one()
        user = self.env.user
        return (
            self._user_can_run()
            or user.has_group("account.group_account_invoice")
            or user.has_group("coop_base.coop_base_group_buyer")
        )

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    def _get_tracking_figures(self):
        """``{distribution id: {field: value}}``, in a query a figure."""
        if not self.ids:
            return {}
        # sudo: totals of distributions that the user may track (callers check).
        self = self.sudo()
        rows = {distribution.id: {} for distribution in self}
        for distribution, count in self.env["sale.order"]._read_group(
            [("distribution_id", "in", self.ids), ("serve_state", "=", "served")],
            ["distribution_id"],
            ["partner_id:count_distinct"],
        ):
            rows[distribution.id]["tracking_member_count"] = count
        for id_, turnover, due in self._read_tracking_invoices():
            rows[id_].update(tracking_turnover=turnover, tracking_due=due)
        for distribution, count in self.env["account.payment"]._read_group(
            [
                ("distribution_id", "in", self.ids),
                ("coop_payment_kind", "=", "cheque"),
                ("state", "in", ("in_process", "paid")),
                ("coop_corrected_at", "=", False),
            ],
            ["distribution_id"],
            ["__count"],
        ):
            rows[distribution.id]["tracking_cheque_count"] = count
        for id_, (new, renewed) in self._count_memberships().items():
            rows[id_].update(tracking_new_count=new, tracking_renewed_count=renewed)
        for id_, count in self._count_volunteers().items():
            rows[id_]["tracking_volunteer_count"] = count
        for distribution in self:
            left = distribution.leftover_ids.filtered("quantity_stock")
            if left:
                rows[distribution.id]["tracking_left_text"] = ", ".join(
                    left._describe_stock()
                )
        return rows

    def _read_tracking_invoices(self):
        """``[(distribution id, turnover, still due)]`` of the posted invoices."""
        for model in ("sale.order.line", "account.move.line", "account.move"):
            self.env[model].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT chosen.distribution_id,
                       SUM(move.amount_total_signed)::float8,
                       SUM(move.amount_residual_signed)::float8
                  FROM (SELECT DISTINCT line.distribution_id, item.move_id
                          FROM sale_order_line line
                          JOIN sale_order_line_invoice_rel rel
                            ON rel.order_line_id = line.id
                          JOIN account_move_line item ON item.id = rel.invoice_line_id
                         WHERE line.distribution_id IN %s) chosen
                  JOIN account_move move ON move.id = chosen.move_id
                 WHERE move.state = 'posted'
              GROUP BY chosen.distribution_id
                """,
                tuple(self.ids),
            )
        )

    def _count_memberships(self):
        """``{distribution id: (new, renewed)}``: fees of its day and point."""
        days = {
            distribution: to_local(
                distribution.date_start, distribution.company_id.coop_tz
            ).date()
            for distribution in self
        }
        ordered = defaultdict(set)
        for distribution, partners in self.env["sale.order"]._read_group(
            [("distribution_id", "in", self.ids), ("state", "=", "sale")],
            ["distribution_id"],
            ["partner_id:recordset"],
        ):
            ordered[distribution.id] |= set(partners.ids)
        Line = self.env["membership.membership_line"]
        taken = Line.search(
            Domain("date", "in", list(set(days.values())))
            & Domain("state", "!=", "canceled")
            & (
                Domain(
                    "partner_id.collection_point_id", "in", self.collection_point_id.ids
                )
                | Domain("partner_id", "in", list(set().union(*ordered.values())))
            )
        )
        first = {
            partner: date
            for partner, date in Line._read_group(
                [
                    ("partner_id", "in", taken.partner_id.ids),
                    ("state", "!=", "canceled"),
                ],
                ["partner_id"],
                ["date:min"],
            )
        }
        counts = {}
        for distribution, day in days.items():
            partners = taken.filtered(
                lambda line, d=distribution, day=day: (
                    line.date == day
                    and (
                        line.partner_id.id in ordered[d.id]
                        or line.partner_id.collection_point_id == d.collection_point_id
                    )
                )
            ).partner_id
            new = sum(1 for partner in partners if first[partner] == day)
            counts[distribution.id] = (new, len(partners) - new)
        return counts

    def _count_volunteers(self):
        """``{distribution id: people who were there to help}`` (hook)."""
        return {}

    # ------------------------------------------------------------------
    # Equipment
    # ------------------------------------------------------------------

    def coop_equipment_write(self, text):
        """Whoever runs the distribution says what is missing for the next one."""
        self.ensure_one()
        self._check_can_run()
        # sudo: checked above; a referent may not write on distributions otherwise.
        self.sudo().write(
            {
                "equipment_needed": (text or "").strip()[:1000] or False,
                "equipment_brought_at": False,
            }
        )
        return True

    def action_equipment_brought(self):
        """It was put into the van."""
        self._check_can_run()
        # sudo: as above.
        self.sudo().equipment_brought_at = fields.Datetime.now()
        return True

    def _get_equipment_to_bring(self):
        """``{distribution: text}``: what these points asked for and did not get yet."""
        # sudo: what a point asked for; whoever prints the sheet may load it.
        asked = self.sudo().search(
            [
                ("collection_point_id", "in", self.collection_point_id.ids),
                ("equipment_needed", "!=", False),
                ("equipment_brought_at", "=", False),
            ],
            order="date_start",
        )
        result = {}
        for distribution in self:
            texts = [
                other.equipment_needed
                for other in asked
                if other.collection_point_id == distribution.collection_point_id
                and other.date_start < distribution.date_start
            ]
            if texts:
                result[distribution] = "\n".join(texts)
        return result


class CoopDistributionLeftoverTracking(models.AbstractModel):
    _name = "coop.distribution.leftover.tracking"
    _description = "Leftover: Tracking Table"

    def _describe_stock(self):
        """What is back in stock, in words: ["3 kg Carrots", …]."""
        return [
            f"{row.offer_id._format_quantity(row.quantity_stock, row.product_uom_id)} "
            f"{row.offer_id._get_entry_name()}"
            for row in self.sorted(lambda r: r.product_id.name or "")
        ]
