# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .res_company_rules import DEBT_RULES

# What a coordinator can let pass for one member, in one window.
PERMITTED = ("blocked", "charter", "fee", "debt")


class CoopOrderWindowRules(models.AbstractModel):
    """Who may order, and the one sentence that says why not and whom to ask."""

    _name = "coop.order.window.rules"
    _description = "Order Window: Rules"

    fee_rule = fields.Selection(
        [("company", "As usual"), ("yes", "Needed"), ("no", "Not needed")],
        string="Membership Fee",
        default="company",
        required=True,
        help="As usual: what the settings of Coop say.",
    )
    charter_rule = fields.Selection(
        [("company", "As usual"), ("yes", "Needed"), ("no", "Not needed")],
        string="Charter",
        default="company",
        required=True,
        help="As usual: what the settings of Coop say.",
    )
    debt_rule = fields.Selection(
        [("company", "As usual"), *DEBT_RULES],
        string="Debts",
        default="company",
        required=True,
        help="As usual: what the settings of Coop say.",
    )
    permission_ids = fields.One2many(
        "coop.order.permission", "window_id", string="Exceptions", copy=False
    )

    _debt_max_positive = models.Constraint(
        "CHECK (debt_max >= 0)", "What a member may owe cannot be negative."
    )

    # ------------------------------------------------------------------
    # The rules of this window
    # ------------------------------------------------------------------

    def _asks_for(self, rule):
        """Whether the fee or the charter is needed here."""
        self.ensure_one()
        value = self[f"{rule}_rule"]
        if value == "company":
            # sudo: the cooperative's own rules, for a member who may not read them.
            return self.company_id.sudo()._coop_get_order_rules()[rule]
        return value == "yes"

    def _get_debt_limit(self):
        """``(rule, limit)`` of what members may owe here."""
        self.ensure_one()
        if self.debt_rule == "company":
            # sudo: see _asks_for.
            return self.company_id.sudo()._coop_get_order_rules()["debt"]
        return self.debt_rule, self.debt_max

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def _get_refusal(self, member):
        """Why this member may not order here and whom to ask, in one sentence.

        :param member: ``res.partner``, possibly empty
        :return: "" where the member may order; else a sentence in the language of the
            environment
        """
        self.ensure_one()
        if not member:
            return self._get_refusal_sentence(member, "member")
        found = self._get_refusals(member).get(member)
        return self._get_refusal_sentence(member, *found) if found else ""

    def _get_refusals(self, members):
        """``{member: (code, amount)}`` of those who may not order.

        At most one query for all of them where debts are looked at, none otherwise;
        one more where somebody is refused (exceptions).
        """
        self.ensure_one()
        # sudo: the rules look at fields that the members' own rights do not show.
        window = self.sudo()
        rule, limit = window._get_debt_limit()
        due = {}
        if rule != "none":
            # Not a query for the currency: the order needs all that too.
            self.env["coop.order.snapshot"]._preload(window)
            due = members._coop_get_due_amounts(window.company_id)
        asks_charter, asks_fee = window._asks_for("charter"), window._asks_for("fee")
        result = {}
        for member in members:
            partner = member.sudo()
            if not partner.coop_is_active:
                result[member] = ("member", 0.0)
            elif not window._accepts_member(partner):
                result[member] = ("group", 0.0)
            elif partner.coop_order_blocked:
                result[member] = ("blocked", 0.0)
            elif asks_charter and not partner.charter_signed_on:
                result[member] = ("charter", 0.0)
            elif asks_fee and partner.coop_state != "active":
                result[member] = ("fee", 0.0)
            elif (
                member in due
                and window.currency_id.compare_amounts(due[member], limit) > 0
            ):
                result[member] = ("debt", due[member])
        permitted = [m.id for m, (code, _amount) in result.items() if code in PERMITTED]
        if permitted:
            # sudo: whether somebody was let in, not why
            exceptions = self.env["coop.order.permission"].sudo()
            exceptions = exceptions.search_fetch(
                [("window_id", "=", window.id), ("partner_id", "in", permitted)],
                ["partner_id"],
            )
            allowed = set(exceptions.partner_id.ids)
            result = {
                member: found
                for member, found in result.items()
                if member.id not in allowed or found[0] not in PERMITTED
            }
        return result

    def _get_refusal_sentence(self, member, code, amount=0.0):
        """What the member reads, with whom to ask."""
        self.ensure_one()
        # sudo: the reason of the own refusal
        partner = member.sudo()
        if code == "member":
            why = self.env._("Only members of the cooperative can order here.")
        elif code == "group":
            why = self.env._("This order is for another group of members.")
        elif code == "blocked":
            reason = (partner.coop_order_blocked_reason or "").strip().rstrip(".")
            why = (
                self.env._("Your orders are suspended: %(reason)s.", reason=reason)
                if reason
                else self.env._("Your orders are suspended for now.")
            )
        elif code == "charter":
            why = self.env._("Sign the charter of the cooperative to order.")
        elif code == "fee":
            why = self.env._(
                "Your membership fee is not up to date: renew it to order."
            )
        else:
            why = self.env._(
                "You still owe %(amount)s: pay it to order again.",
                amount=self.currency_id.format(amount),
            )
        return self.env._(
            "%(why)s Questions? Ask %(contact)s.",
            why=why,
            contact=self._get_contact_text(partner),
        )

    def _get_contact_text(self, partner):
        """The group's referents, else the point's, else the cooperative."""
        # sudo: names of those who look after members, and what they agreed to share.
        referents = partner.coop_group_id.sudo().referent_ids
        referents = referents or partner.collection_point_id.sudo().referent_ids
        if referents:
            return referents._coop_get_contact_text()
        company = self.company_id.sudo()
        ways = ", ".join(way for way in (company.phone, company.email) if way)
        return f"{company.name} ({ways})" if ways else company.name

    def _get_refusal_label(self, partner, code, amount=0.0):
        """The same for staff, in a few words."""
        # sudo: as in the rules.
        reason = partner.sudo().coop_order_blocked_reason
        return {
            "member": self.env._("Not a member any more"),
            "group": self.env._("Of another local group"),
            "blocked": self.env._("Orders suspended: %s", reason)
            if reason
            else self.env._("Orders suspended"),
            "charter": self.env._("Charter not signed"),
            "fee": self.env._("Membership fee not up to date"),
            "debt": self.env._("Owes %s", self.currency_id.format(amount)),
        }[code]

    def _check_may_order(self, member):
        """:raise UserError: the member may not order here"""
        refusal = self._get_refusal(member)
        if refusal:
            raise UserError(refusal)

    # ------------------------------------------------------------------
    # Exceptions
    # ------------------------------------------------------------------

    def _filter_invited(self, partners):
        """No message invites a member whom the window would refuse."""
        invited = super()._filter_invited(partners)
        return invited - invited.browse([m.id for m in self._get_refusals(invited)])

    def _may_permit(self):
        return self.env.user.has_group("coop_base.coop_base_group_coordinator")

    def _has_exception(self, member):
        """Whether a coordinator lets this member order whatever the rules say."""
        self.ensure_one()
        # sudo: yes or no, for the member's own order.
        exceptions = self.env["coop.order.permission"].sudo()
        return bool(
            exceptions.search_count(
                [("window_id", "=", self.id), ("partner_id", "=", member.id)], limit=1
            )
        )

    def permit_member(self, partner_id, reason):
        """A coordinator lets a member order in this window all the same.

        :return: the member's row of the entry grid
        """
        self.ensure_one()
        if not self._may_permit():
            raise AccessError(
                self.env._("Only coordinators make exceptions: ask one of them.")
            )
        self.check_access("read")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write why this member may order all the same."))
        member = self.env["res.partner"].browse(partner_id).exists()
        member.check_access("read")
        self.env["coop.order.permission"].create(
            {"window_id": self.id, "partner_id": member.id, "reason": reason}
        )
        order = self.env["sale.order"]._coop_get_order(self, member)
        return {**self._prepare_entry_member(member, order), "message": ""}
