# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

REASONS = [
    ("present_fixed", "Fixed shift attended"),
    ("present_flying", "Shift attended"),
    ("present_make_up", "Make-up attended"),
    ("present_extra", "Extra shift attended"),
    ("late_fixed", "Fixed shift, late"),
    ("late_flying", "Shift, late"),
    ("late_make_up", "Make-up, late"),
    ("late_extra", "Extra shift, late"),
    ("absent", "Absence"),
    ("excused", "Excused absence"),
    ("cycle", "Cycle"),
    ("closure", "Shift closed for a holiday"),
    ("committee", "Hours in a committee"),
    ("opening", "Balance taken over"),
    ("manual", "Decision"),
]


class CoopShiftLedger(models.Model):
    """Points of volunteers: written once, corrected by their reverse."""

    _name = "coop.shift.ledger"
    _inherit = [
        "coop.shift.ledger.cycle",
    ]
    _description = "Volunteering Points"
    _order = "date desc, id desc"
    _check_company_auto = True
    _rec_name = "explanation"

    member_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('coop_is_active', '=', True)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    counter = fields.Selection(
        [("shift", "Shifts"), ("make_up", "Make-ups")],
        required=True,
        default="shift",
    )
    points = fields.Float(required=True, digits=(16, 2))
    reason = fields.Selection(REASONS, required=True, default="manual")
    note = fields.Char(help="Why, in words that the member reads.")
    registration_id = fields.Many2one(
        "coop.shift.registration", index="btree_not_null", ondelete="restrict"
    )
    key = fields.Char(
        string="Counted once by",
        readonly=True,
        copy=False,
        help="The cycle or closure of this entry: a member has one entry for each.",
    )
    reversed_id = fields.Many2one(
        "coop.shift.ledger",
        string="Undoes",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    reversal_ids = fields.One2many(
        "coop.shift.ledger", "reversed_id", string="Undone by", readonly=True
    )
    explanation = fields.Char(compute="_compute_explanation")

    _key_once = models.UniqueIndex(
        "(member_id, key) WHERE key IS NOT NULL",
        "This member already has the entry of this cycle.",
    )
    _reversed_once = models.UniqueIndex(
        "(reversed_id) WHERE reversed_id IS NOT NULL",
        "This entry is already undone.",
    )
    _member_date = models.Index("(member_id, date)")

    @api.depends("points", "reason", "date", "note", "reversed_id")
    @api.depends_context("lang")
    def _compute_explanation(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for entry in self:
            if not entry.date:
                entry.explanation = False
                continue
            label = reasons.get(entry.reason, "")
            text = entry.note or label[:1].lower() + label[1:]
            values = {
                "points": entry._format_points(),
                "what": text,
                "date": format_date(self.env, entry.date, date_format="d MMMM y"),
            }
            if entry.reversed_id:
                entry.explanation = self.env._(
                    "%(points)s: correction of “%(what)s” on %(date)s", **values
                )
            else:
                entry.explanation = self.env._(
                    "%(points)s: %(what)s on %(date)s", **values
                )

    def _format_points(self):
        """``+1``, ``−0,5``: the sign always, no useless zero."""
        self.ensure_one()
        sign = "−" if self.points < 0 else "+" if self.points > 0 else ""
        text = f"{abs(self.points):.2f}".rstrip("0").rstrip(".")
        decimal_point = (
            self.env["res.lang"]._get_data(code=self.env.lang or "en_US").decimal_point
        )
        return sign + text.replace(".", decimal_point or ".")

    # ------------------------------------------------------------------
    # Append-only
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # By hand: a decision that says why, and nothing that looks like another.
            for vals in vals_list:
                # A form sends what was left empty, too.
                if {name for name, value in vals.items() if value} - {
                    "member_id",
                    "date",
                    "points",
                    "counter",
                    "note",
                    "company_id",
                    "reason",
                } or (
                    vals.get("reason", "manual")
                    not in ("manual", "opening", "committee")
                ):
                    raise UserError(
                        self.env._("By hand, only a decision with its reason is added.")
                    )
                if not (vals.get("note") or "").strip():
                    raise UserError(
                        self.env._("Say why in a few words: the member reads it.")
                    )
        entries = super().create(vals_list)
        # sudo: the status follows the facts, whoever wrote them.
        entries.sudo().member_id._update_volunteer_status()
        return entries

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "Points are never changed: undo the entry, then write the right one."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Points are never deleted: undo the entry, it stays readable.")
        )

    @api.model
    def _post(self, vals_list):
        """Write entries, skipping those whose key the member already has.

        :param vals_list: ``member_id, company_id, date, points, reason`` and, if any,
            ``counter, note, registration_id, key``
        """
        keyed = [vals for vals in vals_list if vals.get("key")]
        # sudo: the only door to the ledger, for the code of the rules.
        ledger = self.sudo()
        if keyed:
            known = set()
            rows = ledger._read_group(
                [
                    ("member_id", "in", list({v["member_id"] for v in keyed})),
                    ("key", "in", list({v["key"] for v in keyed})),
                ],
                ["member_id", "key"],
            )
            known = {(member.id, key) for member, key in rows}
            vals_list = [
                vals
                for vals in vals_list
                if not vals.get("key") or (vals["member_id"], vals["key"]) not in known
            ]
        return ledger.create(vals_list) if vals_list else ledger.browse()

    def _reverse(self, note=None):
        """Undo these entries exactly: same date, counter and points, other sign."""
        vals_list = [
            {
                "member_id": entry.member_id.id,
                "company_id": entry.company_id.id,
                "date": entry.date,
                "counter": entry.counter,
                "points": -entry.points,
                "reason": entry.reason,
                "note": note or entry.note,
                "registration_id": entry.registration_id.id,
                "key": f"undo:{entry.id}",
                "reversed_id": entry.id,
            }
            for entry in self
        ]
        # sudo: nobody writes in the ledger but the code of the rules.
        return self.sudo().create(vals_list) if vals_list else self.browse()

    def action_reverse(self):
        """Undo by hand, by a volunteer coordinator."""
        self.check_access("create")
        for entry in self:
            if entry.reversed_id or entry.reversal_ids:
                raise UserError(self.env._("This entry is already undone."))
            if entry.registration_id:
                raise UserError(
                    self.env._("Correct the shift's sheet instead: its points follow.")
                )
        self._reverse()
        return True

    @api.model
    def _read_balances(self, members, without=None, until=None):
        """``{member id: (shifts, make-ups)}``, in one query.

        :param without: registrations whose entries do not count
        :param until: last date that counts
        """
        domain = [("member_id", "in", members.ids)]
        if without:
            domain += [
                "|",
                ("registration_id", "=", False),
                ("registration_id", "not in", without.ids),
            ]
        if until:
            domain.append(("date", "<=", until))
        # sudo: callers show a member only their own.
        rows = self.sudo()._read_group(domain, ["member_id", "counter"], ["points:sum"])
        result = {member_id: [0.0, 0.0] for member_id in members.ids}
        for member, counter, points in rows:
            result[member.id][counter == "make_up"] = round(points, 6)
        return {member_id: tuple(pair) for member_id, pair in result.items()}
