# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.coop_lettering.tools.lettering import cited, squash

OPEN_CLAIMS = ("draft", "sent", "acknowledged", "rejected", "credited")
SIDE_KINDS = {"tax": "tax", "adjustment": "total"}


class CoopCreditMatcher(models.AbstractModel):
    """Find the claim that a credit note answers, and the bill that it corrects."""

    _name = "coop.credit.matcher"
    _description = "Credit Note Matcher"

    @api.model
    def _match_refund(self, refund):
        """By the claim's number, else the preceding invoice (BT-25), else an amount
        that only one claim has; what is ambiguous is only suggested. Only links are
        written; idempotent."""
        bills = self._cited_bills(refund)
        claims = refund.credited_claim_ids or self._find_claims(refund, bills)[0]
        exceptions = self._exceptions(refund, claims)
        self._write_exceptions(refund, exceptions)
        bill = bills[:1] or claims.bill_id[:1]
        if bill and not refund.reversed_entry_id:
            refund.reversed_entry_id = bill
        links = self._order_links(refund, claims, bill)
        self.env["coop.bill.matcher"]._write_purchase_links(links)
        if not refund.match_date:
            refund.match_date = fields.Datetime.now()
        new = claims.filtered(lambda c: refund not in c.credit_note_ids)
        if refund.reversed_entry_id:
            self.env["coop.bill.matcher"]._match_credited(refund.reversed_entry_id)
        if new:
            new._register_credit(refund)

    @api.model
    def _cited_bills(self, refund):
        numbers = [r.normalised for r in refund.bill_reference_ids if r.kind == "bt25"]
        if not numbers:
            return refund.reversed_entry_id
        return self.env["account.move"].search(
            [
                ("normalised_ref", "in", numbers),
                ("move_type", "=", "in_invoice"),
                ("commercial_partner_id", "=", refund.commercial_partner_id.id),
                ("company_id", "=", refund.company_id.id),
                ("state", "!=", "cancel"),
            ],
            order="invoice_date desc, id desc",
        )

    @api.model
    def _find_claims(self, refund, bills):
        """``(certain, possible)``: the claims that a credit note settles, or those
        among which a person must choose."""
        claims = self.env["coop.supplier.claim"].search(
            Domain("company_id", "=", refund.company_id.id)
            & Domain("partner_id", "child_of", refund.commercial_partner_id.ids)
            & Domain("currency_id", "=", refund.currency_id.id)
            & Domain("state", "in", OPEN_CLAIMS)
            & Domain("credit_note_ids", "not in", refund.ids)
        )
        claims = claims.filtered(lambda c: c._is_credit_missing())
        texts = [refund.ref, refund.invoice_origin, str(refund.narration or "")]
        texts += refund.invoice_line_ids.mapped("name")
        words = cited(" ".join(text for text in texts if text))
        nothing = claims.browse()
        by_number = claims.filtered(lambda c: squash(c.name) in words)
        if by_number:
            return by_number, nothing
        same_amount = claims.filtered(
            lambda c: (
                not c.credit_note_ids
                and (
                    not c.currency_id.compare_amounts(
                        c.expected_credit, refund.amount_untaxed
                    )
                    or not c.currency_id.compare_amounts(
                        c.expected_credit_total, refund.amount_total
                    )
                )
            )
        )
        if not bills:
            if len(same_amount) == 1:
                return same_amount, nothing
            return nothing, same_amount
        # It says which invoice it corrects: a claim about another one is none of its.
        of_bills = claims.filtered(lambda c: c.bill_id in bills)
        exact = of_bills & same_amount
        together = sum(of_bills.mapped("expected_credit"))
        if len(of_bills) <= 1 or not refund.currency_id.compare_amounts(
            together, refund.amount_untaxed
        ):
            return of_bills, nothing
        if len(exact) == 1:
            return exact, nothing
        return nothing, exact or of_bills

    @api.model
    def _order_links(self, refund, claims, bill):
        """Refund lines take the order line of the claim or of the bill, by product."""
        by_product = {}
        for line in bill.invoice_line_ids:
            if line.product_id and line.purchase_line_id:
                by_product.setdefault(line.product_id, line.purchase_line_id)
        for line in claims.line_ids:
            if line.product_id and line.purchase_line_id:
                by_product[line.product_id] = line.purchase_line_id
        return {
            line.id: by_product[line.product_id].id
            for line in refund.invoice_line_ids
            if line.product_id in by_product and not line.purchase_line_id
        }

    # -------------------------------------------------------------------------
    # Exceptions
    # -------------------------------------------------------------------------

    @api.model
    def _exceptions(self, refund, claims):
        base = {"bill_id": refund.id, "state": "open", "by_policy": False}
        for line in refund.invoice_line_ids:
            if kind := SIDE_KINDS.get(line.bill_line_kind):
                yield {
                    **base,
                    "kind": kind,
                    "bill_line_id": line.id,
                    "amount": line.price_subtotal,
                    "detail": line.name,
                }
        if refund.einvoice_tax_gap:
            yield self.env["coop.bill.matcher"]._tax_gap_values(refund)
        if refund._coop_find_duplicates().get(refund):
            yield {**base, "kind": "duplicate", "amount": refund.amount_untaxed}
        if not claims and not refund.reversed_entry_id:
            yield {**base, "kind": "no_order", "amount": refund.amount_untaxed}
        credited = sum(
            note.amount_untaxed
            for note in claims.credit_note_ids | refund
            if note.state != "cancel"
        )
        missing = refund.currency_id.round(
            sum(claims.mapped("expected_credit")) - credited
        )
        if claims and missing > 0:
            yield {
                **base,
                "kind": "credit_pending",
                "amount": missing,
                "detail": ", ".join(claims.mapped("name")),
            }

    @api.model
    def _write_exceptions(self, refund, wanted):
        matcher = self.env["coop.bill.matcher"]
        known = {(e.kind, e.bill_line_id.id): e for e in refund.bill_exception_ids}
        seen, to_create = set(), []
        for vals in wanted:
            key = (vals["kind"], vals.get("bill_line_id", False))
            seen.add(key)
            exception = known.get(key)
            if not exception:
                to_create.append(vals)
            elif exception.state in ("open", "resolved") and (
                changed := matcher._changed(exception, vals)
            ):
                exception.write(changed)
        stale = refund.bill_exception_ids.filtered(
            lambda e: e.state == "open" and (e.kind, e.bill_line_id.id) not in seen
        )
        if stale:
            stale.write({"state": "resolved"})
        if to_create:
            self.env["coop.bill.exception"].create(to_create)
