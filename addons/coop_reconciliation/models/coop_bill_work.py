# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import etree

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils

from odoo.addons.coop_einvoice.tools import einvoice

LIMIT = 200


class CoopBillWork(models.AbstractModel):
    """Work list of the accountant."""

    _name = "coop.bill.work"
    _description = "Work list of the accountant"

    @api.model
    def coop_work_list(self):
        """What the work list shows: the bills that need a person, worst first, and how
        many passed by themselves this week. A fixed number of queries."""
        domain = self._coop_work_domain()
        bills = self.search(
            domain, order="match_amount desc, invoice_date, id", limit=LIMIT
        )
        # At once, for the sentences of all of them.
        lines = bills.bill_exception_ids.bill_line_id
        lines.fetch(["product_id", "product_uom_id", "name", "price_subtotal"])
        return {
            "rows": [bill._coop_work_row() for bill in bills],
            "count": self.search_count(domain),
            "touchless": self._coop_touchless(),
        }

    @api.model
    def _coop_work_domain(self):
        return (
            Domain("move_type", "in", ("in_invoice", "in_refund"))
            & Domain("state", "!=", "cancel")
            & (Domain("match_state", "=", "exception") | self._coop_unread_domain())
            & Domain("company_id", "in", self.env.companies.ids)
        )

    @api.model
    def _coop_unread_domain(self):
        """Uploaded, and never matched: unreadable, or without a known supplier."""
        return (
            Domain("state", "=", "draft")
            & Domain("match_state", "=", "none")
            & Domain("match_wait", "=", False)
            & (
                Domain("einvoice_error", "!=", False)
                | Domain("partner_id", "=", False)
                & Domain("message_main_attachment_id", "!=", False)
            )
        )

    def _coop_work_words(self):
        """What is wrong with a bill, also with one that could not be matched."""
        self.ensure_one()
        if self.match_state != "none":
            return self.match_summary
        return self.einvoice_error or self.env._(
            "The supplier of this bill is not known: open the bill and choose it."
        )

    @api.model
    def _coop_touchless(self):
        """Bills matched since Monday, and how many of them nobody had to look at."""
        today = fields.Date.context_today(self)
        monday = date_utils.start_of(today, "week")
        groups = self._read_group(
            Domain("move_type", "in", ("in_invoice", "in_refund"))
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("match_date", ">=", fields.Datetime.to_datetime(monday))
            & Domain("match_state", "!=", "none"),
            ["match_state"],
            ["__count"],
        )
        counts = dict(groups)
        total = sum(counts.values())
        touchless = counts.get("matched", 0)
        return {
            "total": total,
            "touchless": touchless,
            "percent": round(100 * touchless / total) if total else 0,
        }

    def _coop_work_row(self):
        self.ensure_one()
        claims = self.claim_ids.filtered(lambda c: c.state == "draft")
        return {
            "id": self.id,
            "supplier": self.commercial_partner_id.display_name
            or self.invoice_source_email
            or self.env._("Unknown supplier"),
            "ref": self.ref or self.display_name,
            "date": fields.Date.to_string(self.invoice_date),
            "amount": self.match_amount,
            "currency_id": self.currency_id.id,
            "summary": self._coop_work_words(),
            "claim": claims[:1].name or False,
        }

    def coop_work_detail(self):
        """The three columns and the document of one bill."""
        self.ensure_one()
        self.check_access("read")
        kinds = self.env["coop.bill.exception"]._claimable_kinds()
        open_ones = self.bill_exception_ids.filtered(lambda e: e.state == "open")
        return {
            **self._coop_work_row(),
            "table": self.match_table,
            "total": self.amount_total,
            "state": self.state,
            "can_claim": any(e.kind in kinds for e in open_ones),
            "can_accept": bool(open_ones),
            "can_propose": self.can_propose_lines,
            "document": self._coop_work_document(),
        }

    def _coop_work_document(self):
        """``{url}`` of the PDF, or ``{html}`` of the e-invoice made readable."""
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], order="id"
        )
        files = self.message_main_attachment_id | files
        pdf = files.filtered(lambda f: (f.mimetype or "").endswith("/pdf"))[:1]
        if pdf:
            return {"url": f"/web/content/{pdf.id}", "name": pdf.name}
        for file in files.filtered(lambda f: (f.name or "").lower().endswith(".xml")):
            html = self._coop_readable(file.raw)
            if html:
                return {"html": html, "name": file.name}
        return {}

    def _coop_readable(self, content):
        """An XML invoice as a page for people; False where it is not one."""
        try:
            tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
            document = einvoice.parse(tree)
        except (etree.XMLSyntaxError, einvoice.Unreadable):
            return False
        quantity = self.env["coop.bill.exception"]._format_quantity
        kinds = dict(
            self.env["coop.bill.reference"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return self.env["ir.qweb"]._render(
            "coop_reconciliation.einvoice_readable",
            {
                "document": document,
                "currency": self.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "=", document.currency)], limit=1)
                or self.currency_id,
                "quantity": lambda number: quantity(float(number)),
                "kinds": kinds,
            },
        )

    def coop_work_act(self, name):
        """Key A, R or W on one bill; what can be undone is returned.

        :param name: ``accept``, ``claim`` or ``wait``
        """
        self.ensure_one()
        # Whoever may write on bills for other reasons does not decide here.
        self.env["coop.bill.exception"].check_access("write")
        open_ones = self.bill_exception_ids.filtered(lambda e: e.state == "open")
        if name == "accept":
            self.action_coop_accept()
        elif name == "wait":
            self.action_coop_wait()
        elif name == "claim":
            self.action_coop_claim()
        else:
            raise ValueError(name)
        return {
            "bill": self.id,
            "exceptions": open_ones.ids,
            # What posted itself is not taken back by one key.
            "undo": name != "claim" and self.state == "draft",
            "posted": self.state == "posted",
            "claim": self.claim_ids.filtered(lambda c: c.state == "draft")[:1].name,
        }

    def coop_work_undo(self, exception_ids):
        """Back in the list, as it was before the key."""
        self.ensure_one()
        self.env["coop.bill.exception"].check_access("write")
        self.match_wait = False
        self.bill_exception_ids.filtered(
            lambda e: e.id in exception_ids
        ).action_reopen()
        return self._coop_work_row()
