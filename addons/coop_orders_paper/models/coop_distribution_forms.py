# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.coop_base.tools.localtime import format_local


class CoopDistribution(models.Model):
    """Order forms of a collection point: on paper, and as a spreadsheet."""

    _inherit = "coop.distribution"

    # ------------------------------------------------------------------
    # On paper
    # ------------------------------------------------------------------

    def action_print_blank_form(self):
        """One form without a name, to copy."""
        return self.env.ref(
            "coop_orders_paper.action_report_paper_order_form"
        ).report_action(self)

    def action_print_named_forms(self):
        """One form for each member who collects here."""
        return self.env.ref(
            "coop_orders_paper.action_report_paper_order_forms_named"
        ).report_action(self)

    def _get_paper_members(self):
        """Members to print a form for: those whom the connected user keys in."""
        self.ensure_one()
        return self.collection_point_id._get_members_collecting(
            self.window_id, self.window_id._get_entry_members()
        )

    def _get_paper_rows(self):
        """Lines of the paper form, numbered as on the screen."""
        self.ensure_one()
        rows = []
        for number, offer in self.window_id._get_numbered_offers():
            price, reference = offer._get_entry_price_text()
            limits = []
            if offer.quantity_max_per_member:
                limit = offer._to_entry_quantity(offer.quantity_max_per_member)
                limits.append(self.env._("at most %s", offer._format_number(limit)))
            if offer.closes_at < self.window_id.closes_at:
                limits.append(
                    self.env._("until %s", offer._format_deadline(offer.closes_at))
                )
            rows.append(
                {
                    "number": number,
                    "name": offer._get_entry_name(),
                    "details": ", ".join([offer.note or "", *limits]).strip(", "),
                    "price": price,
                    "reference": reference,
                    "unit": offer._get_entry_unit(),
                }
            )
        return rows

    def _get_paper_return(self):
        """``{'deadline', 'when', 'address', 'note', 'referents'}`` as texts."""
        self.ensure_one()
        # sudo: an address and names that are printed for every member.
        point = self.collection_point_id.sudo()
        referents = point.referent_ids or self.sudo().referent_id
        address = point.partner_id.with_context(show_address=True).display_name or ""
        return {
            "deadline": format_local(
                self.env, self.window_id.closes_at, self.company_id
            ),
            "when": format_local(self.env, self.date_start, self.company_id),
            "address": ", ".join(part for part in address.split("\n") if part.strip()),
            "note": point.opening_note or "",
            "referents": ", ".join(
                f"{referent.name} {referent.phone}" if referent.phone else referent.name
                for referent in referents
            ),
        }

    # ------------------------------------------------------------------
    # As a spreadsheet
    # ------------------------------------------------------------------

    def action_download_order_form(self):
        """A spreadsheet of the members who collect here, with what they ordered."""
        self.ensure_one()
        self.check_access("read")
        return self.env["coop.order.form"]._create_for(self).action_download()

    def action_send_order_form(self):
        """E-mail each point its form; points without a referent are named.

        :raise AccessError: the user does not run windows
        """
        if not self.env.user.has_group("coop_base.coop_base_group_coordinator"):
            raise AccessError(
                self.env._("Only coordinators send the forms: download yours.")
            )
        left_out, sent = [], []
        for distribution in self:
            # sudo: the referents' addresses; the coordinator sees all members.
            referents = (
                distribution.collection_point_id.sudo().referent_ids
                or distribution.sudo().referent_id
            )
            point = distribution.collection_point_id.name
            if not referents:
                left_out.append(point)
                continue
            form = self.env["coop.order.form"]._create_for(distribution)
            referents._coop_tell(
                form,
                "coop_orders_paper.mail_template_order_form",
                self.env._(
                    "the order form of %(window)s", window=distribution.window_id.name
                ),
            )
            # sudo: see _create_for.
            form.sudo().sent_at = self.env.cr.now()
            sent.append(point)
        messages = []
        if sent:
            messages.append(self.env._("Sent to: %s.", ", ".join(sent)))
        if left_out:
            messages.append(
                self.env._("No referent to send it to: %s.", ", ".join(left_out))
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": " ".join(messages),
                "type": "warning" if left_out else "success",
                "sticky": bool(left_out),
            },
        }

    def action_read_order_form(self):
        """Choose a form that came back."""
        return self.window_id.action_read_order_form()


class CoopOrderWindowForms(models.AbstractModel):
    _name = "coop.order.window.forms"
    _description = "Order Window: Forms"

    def action_view_forms(self):
        """Paper forms and spreadsheets, by collection point."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_orders_paper.coop_distribution_forms_action"
        )
        domain = Domain("window_id", "=", self.id)
        if not self.env.user.has_group("coop_base.coop_base_group_coordinator"):
            # A referent: where the own members collect.
            points = self._get_entry_members().collection_point_id
            domain &= Domain("collection_point_id", "in", points.ids)
        action["domain"] = list(domain)
        action["context"] = {"default_window_id": self.id}
        return action

    def action_read_order_form(self):
        """Choose a form that came back, of any point of this window."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Read a Form Sent Back"),
            "res_model": "coop.order.form.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_window_id": self.id},
        }
