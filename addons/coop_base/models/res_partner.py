# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

# Membership states (OCA membership) and what they mean to the cooperative.
STATE_BY_MEMBERSHIP = {
    "paid": "active",
    "free": "active",
    "invoiced": "due",
    "waiting": "candidate",
    "none": "candidate",
    "old": "expired",
    "canceled": "expired",
}


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "res.partner",
        "coop.partner.erasure",
        "coop.partner.export",
        "coop.partner.sweep",
        "coop.partner.telling",
    ]

    is_coop_member = fields.Boolean(string="Member of the Cooperative", index=True)
    is_coop_producer = fields.Boolean(string="Producer of the Cooperative", index=True)
    coop_number = fields.Char(
        string="Member Number",
        copy=False,
        help="Unique in the cooperative. Given by itself when left empty.",
    )
    coop_group_id = fields.Many2one(
        "coop.group",
        string="Local Group",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    collection_point_id = fields.Many2one(
        "coop.collection.point",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Where this member collects, unless an order says otherwise.",
    )
    contact_channel = fields.Selection(
        [
            ("portal", "On the Internet"),
            ("phone", "By telephone"),
            ("paper", "On paper"),
        ],
        help="How this member orders and wants to be told.",
    )
    charter_signed_on = fields.Date(string="Charter Signed on", copy=False)
    coop_left_on = fields.Date(string="Left on", copy=False)
    coop_state = fields.Selection(
        [
            ("candidate", "Candidate"),
            ("due", "Fee to pay"),
            ("active", "Member"),
            ("expired", "Fee expired"),
            ("left", "Has left"),
        ],
        string="Member Status",
        compute="_compute_coop_state",
        store=True,
        index="btree_not_null",
        help="Candidate: no fee registered yet. Fee to pay: the fee is invoiced, not"
        " paid. Member: the fee is paid or not asked for. Fee expired: the last paid"
        " period is over or was cancelled. Has left: the member left.",
    )

    _coop_number_unique = models.UniqueIndex(
        "(coop_number, COALESCE(company_id, 0)) WHERE coop_number IS NOT NULL",
        "Another member already has this member number.",
    )

    @api.depends("is_coop_member", "membership_state", "coop_left_on")
    def _compute_coop_state(self):
        for partner in self:
            if not partner.is_coop_member:
                partner.coop_state = "left" if partner.coop_left_on else False
            elif partner.coop_left_on:
                partner.coop_state = "left"
            else:
                partner.coop_state = STATE_BY_MEMBERSHIP.get(
                    partner.membership_state, "candidate"
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        new_members = [
            vals
            for vals in vals_list
            if vals.get("is_coop_member") and not vals.get("coop_number")
        ]
        if new_members:
            numbers = self._coop_next_numbers(len(new_members))
            for vals, number in zip(new_members, numbers, strict=True):
                vals["coop_number"] = number
        for vals in vals_list:
            if vals.get("is_coop_member"):
                # A member belongs to one cooperative.
                vals.setdefault("company_id", self.env.company.id)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("is_coop_member") and "company_id" not in vals:
            # A member belongs to one cooperative, as in create.
            homeless = self.filtered(lambda p: not p.company_id)
            super(ResPartner, homeless).write({"company_id": self.env.company.id})
        res = super().write(vals)
        if vals.get("is_coop_member"):
            unnumbered = self.filtered(lambda p: not p.coop_number)
            if unnumbered:
                numbers = self._coop_next_numbers(len(unnumbered))
                for partner, number in zip(unnumbered, numbers, strict=True):
                    partner.coop_number = number
        if "is_coop_member" in vals:
            # sudo: only a role changes, and only as the member flag says.
            self.sudo().user_ids._coop_sync_member_group()
        return res

    @api.model
    def _coop_next_numbers(self, count):
        """The next ``count`` free member numbers, in a constant number of queries.

        ``ir.sequence.next_by_code`` costs a query or two a number, too much for an
        import. The sequence row is locked, so two imports never share a number;
        numbers that people gave by hand are skipped.
        """
        # sudo: members' managers have no right on sequences.
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search(
            [
                ("code", "=", "coop.member"),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            order="company_id",
            limit=1,
        )
        sequence.lock_for_update()
        sequence.invalidate_recordset(["number_next"])
        number_next, step = sequence.number_next, sequence.number_increment
        numbers = []
        while len(numbers) < count:
            candidates = []
            for _i in range(count - len(numbers)):
                candidates.append(sequence.get_next_char(number_next))
                number_next += step
            taken = set(
                # sudo: a number is taken also when its member is not readable.
                self.sudo()
                .with_context(active_test=False)
                .search_fetch([("coop_number", "in", candidates)], ["coop_number"])
                .mapped("coop_number")
            )
            numbers += [number for number in candidates if number not in taken]
        sequence.number_next = number_next
        return numbers

    @api.model
    def check_membership_expiry(self):
        """Also start the memberships that were paid ahead, on their first day."""
        res = super().check_membership_expiry()
        today = fields.Date.context_today(self)
        lines = self.env["membership.membership_line"].search(
            [
                ("date_from", "<=", today),
                ("date_to", ">=", today),
                ("state", "in", self._membership_member_states()),
                ("partner_id.membership_state", "in", ("none", "old")),
            ]
        )
        lines.partner_id._compute_membership_state()
        return res

    def action_coop_register_fee(self):
        """Register or renew the fee of these members."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register a membership fee"),
            "res_model": "coop.membership.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.ids},
        }

    def action_coop_leave(self):
        """These members leave today; their past is kept."""
        self.coop_left_on = fields.Date.context_today(self)

    def action_coop_return(self):
        """They are back: their status is again what their fee says."""
        self.coop_left_on = False

    def _coop_check_privacy_access(self):
        """Only managers handle other people's data requests."""
        if not self.env.user.has_group("coop_base.coop_base_group_manager"):
            raise AccessError(
                self.env._("Only a manager of the cooperative can do this.")
            )
        self.check_access("write")

    def action_coop_privacy_export(self):
        """Download the person's data."""
        self.ensure_one()
        self._coop_check_privacy_access()
        return {
            "type": "ir.actions.act_url",
            "url": f"/coop/privacy/export/{self.id}",
            "target": "download",
        }

    def action_coop_privacy_erase(self):
        """Show what erasing this person deletes and keeps."""
        self.ensure_one()
        self._coop_check_privacy_access()
        self._coop_privacy_check()
        wizard = self.env["coop.privacy.erase"].create({"partner_id": self.id})
        wizard._preview()
        return wizard._reopen()
