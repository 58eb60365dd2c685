# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CoopShiftTemplateFixed(models.Model):
    """A member who comes each time, between two dates."""

    _name = "coop.shift.template.fixed"
    _description = "Fixed Member of a Recurring Shift"
    _order = "template_id, member_id, id"
    _check_company_auto = True
    _rec_name = "member_id"

    template_id = fields.Many2one(
        "coop.shift.template",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, index=True
    )
    member_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('coop_is_active', '=', True)]",
        check_company=True,
    )
    role_id = fields.Many2one("coop.shift.role", ondelete="restrict")
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until", help="Last day; empty: for good.")

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "A fixed shift must end after it starts.",
    )
    _member_once = models.UniqueIndex(
        "(template_id, member_id) WHERE date_to IS NULL",
        "This member already has this fixed shift.",
    )

    @api.constrains("template_id", "role_id", "date_from", "date_to")
    def _check_seats(self):
        """Never more fixed members than seats, on any day."""
        for template in self.template_id:
            for seat_role, limit in template._get_seat_limits().items():
                lines = template.fixed_ids.filtered(
                    lambda f, role=seat_role: (f.role_id.id or 0) == role
                )
                if lines and lines._count_at_once() > limit:
                    raise ValidationError(
                        self.env._(
                            "%(shift)s has %(seats)s seats for this role: choose"
                            " another shift or add seats.",
                            shift=template.display_name,
                            seats=limit,
                        )
                    )
            known = set(template._get_seat_limits())
            if any((line.role_id.id or 0) not in known for line in template.fixed_ids):
                raise ValidationError(
                    self.env._(
                        "%(shift)s has no seat for this role.",
                        shift=template.display_name,
                    )
                )

    def _count_at_once(self):
        """The most of these lines that hold on one day."""
        starts = set(self.mapped("date_from"))
        return max(
            sum(
                1
                for line in self
                if line.date_from <= day and (not line.date_to or day <= line.date_to)
            )
            for day in starts
        )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.template_id._sync_fixed()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if {"role_id", "date_from", "date_to", "member_id"} & set(vals):
            self.template_id._sync_fixed()
        return res

    def unlink(self):
        templates = self.template_id
        res = super().unlink()
        templates.exists()._sync_fixed()
        return res

    @api.constrains("template_id", "role_id", "date_from", "date_to", "member_id")
    def _check_reserved_seats(self):
        """Fixed members leave the seats that are kept for others.

        Who is new is not for good: nobody has a newcomers' seat each time.
        """
        for seat in self.template_id.seat_ids.filtered("reserved_count"):
            lines = seat.template_id.fixed_ids.filtered(
                lambda f, seat=seat: f.role_id == seat.role_id
            )
            if seat.reserved_for != "newcomers":
                able = seat._filter_reserved_for(lines.member_id)
                lines = lines.filtered(lambda f, able=able: f.member_id not in able)
            if lines and lines._count_at_once() > seat.seats_max - seat.reserved_count:
                raise ValidationError(
                    self.env._(
                        "%(shift)s keeps %(kept)s of its %(seats)s seats"
                        " %(whom)s: fewer fixed members, or more seats.",
                        shift=seat.template_id.display_name,
                        kept=seat.reserved_count,
                        seats=seat.seats_max,
                        whom=seat._describe_reserved_for(),
                    )
                )
