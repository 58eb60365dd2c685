# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, float_compare

from ..tools import matcher

# Bills whose changes are written at once.
BATCH = 200


class CoopBillMatcher(models.AbstractModel):
    """Match bills with :mod:`..tools.matcher` and write down only what changed."""

    _name = "coop.bill.matcher"
    _inherit = ["coop.bill.matcher.credit", "coop.bill.matcher.loader"]
    _description = "Bill Matcher"

    @api.model
    def _match_bills(self, bills):
        """Match bills of any companies and suppliers.

        sudo: the accountant sees no stock, the warehouse no bill; both are read here,
        within the companies and the suppliers of the bills, and nothing of a bill but
        its links is written.
        """
        # sudo: whoever imports or receives matches, without rights on the rest.
        bills = bills.sudo()
        refunds = bills.filtered(lambda m: m.move_type == "in_refund")
        for refund in refunds:
            self.env["coop.credit.matcher"].sudo()._match_refund(refund)
        invoices = bills - refunds
        if invoices:
            # sudo: as for the refunds.
            self.sudo()._match_invoices(invoices)

    @api.model
    def _match_invoices(self, bills):
        """By batches of whole suppliers, then of bills: memory and time stay in
        proportion, and a supplier's receipts are read once."""
        for batch in self._supplier_batches(bills):
            receipts = self._load_receipts(batch)
            duplicates = batch._coop_find_duplicates()
            for start in range(0, len(batch), BATCH):
                if start:
                    # What the previous bills filled the cache with is not read again.
                    self.env.flush_all()
                    self.env.invalidate_all(flush=False)
                part = batch.browse(batch.ids[start : start + BATCH])
                self._write_plan(self._plan(part, receipts), duplicates)

    @api.model
    def _supplier_batches(self, bills):
        """Bills in the order in which they are served, the earlier one first."""
        batch = bills.browse()
        # By id, so that two runs at once take the suppliers in the same order.
        suppliers = bills.grouped(
            lambda m: (m.company_id.id, m.commercial_partner_id.id)
        )
        for __, group in sorted(suppliers.items()):
            if batch and len(batch) + len(group) > BATCH:
                yield batch
                batch = bills.browse()
            batch += group.sorted(lambda m: (m.invoice_date or m.date, m.id))
        if batch:
            yield batch

    @api.model
    def _plan(self, bills, receipts):
        """``[(bill, policy, lines, result)]``; takes from `receipts` what they use."""
        confirmed = self._confirmed_quantities(bills)
        refused = self._refused_links(bills)
        ordered = self._ordered_services(bills)
        policies, plain_policies, plan = {}, {}, []
        for company, group in bills.grouped("company_id").items():
            policies[company] = self.env["coop.match.policy"]._get_policies(
                company, group.commercial_partner_id
            )
        for bill in bills:
            partner = bill.commercial_partner_id
            policy = policies[bill.company_id][partner.id]
            if policy not in plain_policies:
                plain_policies[policy] = policy._to_matcher()
            lines = self._load_bill_lines(bill, confirmed, ordered)
            pools = receipts[bill.company_id.id, partner.id]
            result = matcher.match(
                [line for __, line in lines],
                pools.of(bill),
                plain_policies[policy],
                refused,
            )
            pools.take(result)
            plan.append((bill, policy, lines, result))
        return plan

    @api.model
    def _confirmed_quantities(self, bills):
        """``{bill line id: quantity}`` that wants no receipt any more."""
        confirmed = defaultdict(float)
        for match in bills.bill_match_ids:
            if match.state == "confirmed":
                confirmed[match.bill_line_id.id] += match.quantity
        self._add_credited_quantities(bills, confirmed)
        return confirmed

    @api.model
    def _refused_links(self, bills):
        """A link that a person refused is never proposed again."""
        return {
            (
                match.bill_line_id.id,
                match.stock_move_id.id or None,
                match.purchase_line_id.id,
            )
            for match in bills.bill_match_ids
            if match.state == "rejected"
        }

    # -------------------------------------------------------------------------
    # Writing: only differences
    # -------------------------------------------------------------------------

    @api.model
    def _write_plan(self, plan, duplicates):
        matches = self._diff_matches(plan)
        exceptions = self._diff_exceptions(plan, duplicates)
        links = self._diff_links(plan)
        bills = self.env["account.move"].union(*(bill for bill, *__ in plan))
        new = bills.filtered(lambda m: not m.match_date)
        if any((*matches, *exceptions, links)):
            for company, group in bills.grouped("company_id").items():
                self.env["coop.match.stamp"].touch(company, group.commercial_partner_id)
        self._apply(self.env["coop.bill.match"], matches)
        self._apply(self.env["coop.bill.exception"], exceptions)
        self._write_purchase_links(links)
        self._write_match_date(new)
        self._draft_claims(plan)

    @api.model
    def _write_match_date(self, bills):
        """Raw, because writing on a bill makes Odoo compute all its lines again."""
        if not bills:
            return
        bills.flush_recordset(["match_date"])
        self.env.cr.execute(
            SQL(
                "UPDATE account_move SET match_date = %s WHERE id IN %s",
                fields.Datetime.now(),
                tuple(bills.ids),
            )
        )
        bills.invalidate_recordset(["match_date"], flush=False)
        bills.modified(["match_date"])

    @api.model
    def _apply(self, model, changes):
        to_create, to_update, to_delete = changes
        if to_delete:
            model.browse(to_delete).unlink()
        for record, vals in to_update:
            record.write(vals)
        if to_create:
            model.create(to_create)

    @api.model
    def _diff_matches(self, plan):
        to_create, to_update, to_delete = [], [], []
        for bill, __, lines, result in plan:
            names = {line.id: plain for line, plain in lines}
            known = {
                (m.bill_line_id.id, m.stock_move_id.id or -m.purchase_line_id.id): m
                for m in bill.bill_match_ids
            }
            kept = set()
            for link in result.links:
                key = (link.bill, link.receipt or -link.order_line)
                vals = {
                    "quantity": float(link.quantity),
                    "amount": float(link.amount),
                    "score": link.score,
                    "state": link.state,
                    "purchase_line_id": link.order_line,
                    "evidence": {
                        "tier": link.tier,
                        "components": dict(link.components),
                        "references": self._spoken(bill, names[link.bill], link),
                    },
                }
                match = known.get(key)
                if match and match.state in ("confirmed", "rejected"):
                    kept.add(match.id)
                elif match:
                    kept.add(match.id)
                    changed = self._changed(match, vals)
                    if changed:
                        to_update.append((match, changed))
                else:
                    to_create.append(
                        {
                            **self._prepare_owner(bill),
                            "bill_id": bill.id,
                            "bill_line_id": link.bill,
                            "stock_move_id": link.receipt,
                            **vals,
                        }
                    )
            to_delete += [
                m.id
                for m in bill.bill_match_ids
                if m.state in ("auto", "suggested") and m.id not in kept
            ]
        return to_create, to_update, to_delete

    @api.model
    def _prepare_owner(self, bill):
        """What is related to the bill: left out, each row is written a second time."""
        return {
            "company_id": bill.company_id.id,
            "partner_id": bill.commercial_partner_id.id,
        }

    @api.model
    def _spoken(self, bill, plain, link):
        """The references of the bill that made the tier of a link, as written."""
        tiers = {
            matcher.LINE: ("bt132", "despatch"),
            matcher.DESPATCH: ("bt16",),
            matcher.RECEIVING: ("bt15",),
            matcher.ORDER: ("order", "bt13"),
        }
        kinds = tiers.get(link.tier, ())
        found = bill.bill_reference_ids.filtered(
            lambda r: r.kind in kinds and r.bill_line_id.id in (False, plain.key)
        ).mapped("value")
        if not found and link.tier == matcher.ORDER and bill.invoice_origin:
            found = [bill.invoice_origin]
        return found

    @api.model
    def _changed(self, record, vals):
        """The values that differ from the record's; floats within their precision."""
        changed = {}
        for name, value in vals.items():
            field = record._fields[name]
            current = record[name]
            if field.type == "many2one":
                current = current.id
                value = value or False
            if field.type in ("float", "monetary"):
                digits = 2 if field.type == "monetary" else 5
                if float_compare(current, value, precision_digits=digits) == 0:
                    continue
            elif current == value:
                continue
            changed[name] = value
        return changed

    @api.model
    def _diff_exceptions(self, plan, duplicates):
        to_create, to_update = [], []
        for bill, __, lines, result in plan:
            amls = {line.id: line for line, __ in lines}
            known = {self._exception_key(e): e for e in bill.bill_exception_ids}
            seen = set()
            for vals in self._exception_values(bill, amls, result, duplicates):
                key = (vals["kind"], vals["bill_line_id"], vals["stock_move_id"])
                if key in seen:
                    continue
                seen.add(key)
                exception = known.get(key)
                if not exception:
                    to_create.append({**self._prepare_owner(bill), **vals})
                    continue
                decided = exception.state in ("accepted", "claimed") and not (
                    exception.by_policy
                )
                if exception.state == "resolved" and exception.claim_line_ids:
                    continue
                if decided:
                    vals = {}
                changed = self._changed(exception, vals)
                if changed:
                    to_update.append((exception, changed))
            for key, exception in known.items():
                if key not in seen and exception.state == "open":
                    to_update.append((exception, {"state": "resolved"}))
        return to_create, to_update, []

    @api.model
    def _exception_key(self, exception):
        return (
            exception.kind,
            exception.bill_line_id.id,
            exception.stock_move_id.id,
        )

    @api.model
    def _exception_values(self, bill, amls, result, duplicates):
        for issue in result.issues:
            line = amls[issue.bill]
            yield {
                "bill_id": bill.id,
                "bill_line_id": issue.bill,
                "stock_move_id": issue.receipt or False,
                "purchase_line_id": issue.order_line or False,
                "kind": issue.kind,
                "quantity": float(issue.quantity),
                "expected": float(issue.expected),
                "amount": float(issue.amount),
                "detail": line.name.split("\n")[0] if issue.kind == "tax" else False,
                "state": "accepted" if issue.accepted else "open",
                "by_policy": issue.accepted,
            }
        if bill.einvoice_tax_gap:
            yield self._tax_gap_values(bill)
        others = duplicates.get(bill)
        if others:
            yield {
                "bill_id": bill.id,
                "bill_line_id": False,
                "stock_move_id": False,
                "kind": "duplicate",
                "amount": bill.amount_untaxed,
                "detail": others[0].display_name,
                "state": "open",
                "by_policy": False,
            }

    @api.model
    def _tax_gap_values(self, bill):
        """The supplier's VAT is not its rate: kept as billed, and said."""
        return {
            "bill_id": bill.id,
            "bill_line_id": False,
            "stock_move_id": False,
            "kind": "tax",
            "amount": bill.einvoice_tax_gap,
            "detail": self.env._("VAT that is not the rate of its basis"),
            "state": "open",
            "by_policy": False,
        }

    @api.model
    def _diff_links(self, plan):
        """``{bill line id: order line id}`` where the link to the order changes."""
        links = {}
        for __, __, lines, result in plan:
            best = {}
            for link in result.links:
                if link.state == "auto":
                    best.setdefault(link.bill, link.order_line)
            for issue in result.issues:
                # Nothing is left to bill, but the order is known.
                if issue.kind in ("no_receipt", "quantity_over") and issue.order_line:
                    best.setdefault(issue.bill, issue.order_line)
            for line, __ in lines:
                wanted = best.get(line.id)
                if wanted and line.purchase_line_id.id != wanted:
                    links[line.id] = wanted
        return links

    @api.model
    def _write_purchase_links(self, links):
        """Link bill lines to order lines and nothing else: one UPDATE for all of them.

        Raw, because the ORM would go through the synchronisation of the bill's lines;
        `modified` then recomputes what hangs on the link (quantities billed).
        """
        if not links:
            return
        lines = self.env["account.move.line"].browse(links)
        before = lines.purchase_line_id
        lines.flush_recordset(["purchase_line_id"])
        self.env.cr.execute_values(
            """
            UPDATE account_move_line line
               SET purchase_line_id = source.order_line::integer,
                   matched_purchase_line_id = source.order_line::integer
              FROM (VALUES %s) AS source(id, order_line)
             WHERE line.id = source.id
            """,
            list(links.items()),
            page_size=1000,
        )
        lines.invalidate_recordset(
            ["purchase_line_id", "matched_purchase_line_id"], flush=False
        )
        before.invalidate_recordset(["invoice_lines"], flush=False)
        lines.purchase_line_id.invalidate_recordset(["invoice_lines"], flush=False)
        lines.modified(["purchase_line_id"])
        before.modified(["invoice_lines"])
        posted = lines.filtered(lambda line: line.parent_state == "posted")
        receipts = posted._get_stock_moves().filtered(lambda m: m.is_in)
        if receipts:
            # The goods were valued at the order's price: now the bill is known.
            receipts._set_value()

    @api.model
    def _draft_claims(self, plan):
        """What is billed and not received drafts its claim, if the policy says so."""
        exceptions = self.env["coop.bill.exception"]
        for bill, policy, __, __ in plan:
            if policy.auto_claim:
                exceptions |= bill.bill_exception_ids.filtered(
                    lambda e: e.state == "open" and e.kind in ("quantity_over", "price")
                )
        # A claim that was sent, or refused by hand, is not drafted again.
        exceptions = exceptions.filtered(
            lambda e: all(c.state == "draft" for c in e.claim_line_ids.claim_id)
        )
        if exceptions:
            exceptions._draft_claims()
