# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

WAITING = ("sent", "acknowledged")
STATE_BY_ANSWER = {
    "credit": "acknowledged",
    "replace": "acknowledged",
    "reject": "rejected",
}


class CoopSupplierClaimAnswer(models.AbstractModel):
    """What the supplier answers, on the portal or by telephone."""

    _name = "coop.supplier.claim.answer"
    _description = "Answers to a supplier claim"

    answer_kind = fields.Selection(
        [
            ("credit", "A credit note will follow"),
            ("replace", "The goods will be delivered again"),
            ("reject", "Refused"),
        ],
        string="Supplier Says",
        readonly=True,
        copy=False,
        tracking=True,
    )
    answer = fields.Text(string="Supplier's Answer", readonly=True, copy=False)

    def _answer(self, kind, text=""):
        """Write down the supplier's answer; only a claim that was sent has one.

        :param kind: ``credit``, ``replace`` or ``reject``
        :raise UserError: a refusal without its reason; nothing is written then
        :return: the claims that were answered
        """
        claims = self.filtered(lambda c: c.state in WAITING)
        text = (text or "").strip()
        if claims and kind == "reject" and not text:
            raise UserError(
                self.env._("Write why you do not agree, then send your answer again.")
            )
        claims._coop_enter_state(
            {
                "state": STATE_BY_ANSWER[kind],
                "answer_kind": kind,
                "answer": text,
                "answered_on": fields.Datetime.now(),
            }
        )
        return claims

    def _answered_by_supplier(self, kind, text, author):
        """An answer from outside: written, told in the thread, and to the buyer where
        something is to be done."""
        claims = self._answer(kind, text)
        for claim in claims:
            claim.message_post(
                body=claim.answer or claim._get_answer_text(),
                author_id=author.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            if kind != "credit":
                mine = claim._in_buyer_words()
                mine._ask_buyer(
                    f"{claim.partner_id.display_name}: {mine._get_answer_text()}",
                    text,
                )
        return claims

    def _get_answer_text(self):
        self.ensure_one()
        return {
            "credit": self.env._("The supplier agrees: a credit note will follow."),
            "replace": self.env._("The supplier delivers the goods again."),
            "reject": self.env._("The supplier refuses the claim."),
        }[self.answer_kind]

    def action_acknowledge(self):
        self._answer("credit")

    def action_reject(self):
        self._answer("reject", self.env._("Refused by telephone or by mail."))

    def action_uphold(self):
        """The refusal is not accepted: the claim stands, and is reminded."""
        refused = self.filtered(lambda c: c.state == "rejected")
        refused._coop_enter_state({"state": "sent"})
        for claim in refused:
            claim.message_post(body=self.env._("The claim is upheld."))

    def action_replace(self):
        """The supplier delivered the goods again instead of crediting them."""
        self.filtered(lambda c: c.state in WAITING)._coop_enter_state(
            {"state": "replaced"}
        )
        self._resolve()
