# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib
import io
import json

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import hmac

from odoo.addons.coop_base.tools.localtime import format_local
from odoo.addons.coop_tools.tools.sheet import new_workbook


class CoopOrderForm(models.Model):
    """An order form sent out as a spreadsheet: what it said when it was made.

    Kept here rather than in the file, so that a file that comes back is compared with
    what really went out: who and what stood where, and each quantity.
    """

    _name = "coop.order.form"
    _description = "Order Form"
    _inherit = [
        "coop.order.form.sheet",
    ]
    _order = "id desc"
    _rec_name = "collection_point_id"
    _check_company_auto = True

    window_id = fields.Many2one(
        "coop.order.window", required=True, index=True, ondelete="cascade"
    )
    distribution_id = fields.Many2one(
        "coop.distribution", required=True, index=True, ondelete="cascade"
    )
    collection_point_id = fields.Many2one(
        related="distribution_id.collection_point_id", store=True
    )
    company_id = fields.Many2one(related="window_id.company_id", store=True, index=True)
    layout = fields.Json(
        readonly=True, help="Ids of the members across and of the offers down."
    )
    exported = fields.Json(
        readonly=True, help="Quantities of the file when it was made."
    )
    agreed = fields.Json(
        readonly=True,
        help="Quantities that were decided on since, when the file came back.",
    )
    sent_at = fields.Datetime(readonly=True)
    uploaded_at = fields.Datetime(readonly=True)
    uploaded_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    def _create_for(self, distribution):
        """A form for the members of a distribution whom this user may key in.

        :raise UserError: nobody to put on it, or nothing offered
        """
        distribution.ensure_one()
        window = distribution.window_id
        members = distribution.collection_point_id._get_members_collecting(
            window, window._get_entry_members()
        )
        point = distribution.collection_point_id.name
        if not members:
            raise UserError(
                self.env._(
                    "No member of yours collects at %(point)s: give members their"
                    " collection point first.",
                    point=point,
                )
            )
        if not window.offer_ids:
            raise UserError(
                self.env._("Nothing is offered in %(window)s yet.", window=window.name)
            )
        orders = window._get_entry_orders(members)
        exported = {}
        for member, order in orders.items():
            exported[str(member.id)] = {
                str(line.offer_id.id): line.offer_id._to_entry_quantity(
                    line.product_uom_qty
                )
                for line in order.order_line
                if line.offer_id and line.product_uom_qty
            }
        # sudo: referents have no right to write here; what goes in was read as them.
        return (
            self.sudo()
            .create(
                {
                    "window_id": window.id,
                    "distribution_id": distribution.id,
                    "layout": {
                        "members": members.ids,
                        "offers": window.offer_ids.ids,
                    },
                    "exported": exported,
                    "agreed": {},
                }
            )
            .sudo(False)
        )

    def _get_checksum(self):
        """What a file must carry to be taken for this form."""
        self.ensure_one()
        # sudo: only the database's secret.
        env = self.env(su=True)
        # The database does not keep the order of keys.
        message = json.dumps(
            [self.id, self.window_id.id, self.sudo().layout], sort_keys=True
        )
        return hmac(env, "coop-order-form", message, hashlib.sha256)

    def _get_quantity(self, member_id, offer_id, agreed=False):
        """A quantity of the file when it was made, or as last decided on."""
        form = self.sudo()
        key = str(offer_id)
        exported = (form.exported or {}).get(str(member_id), {}).get(key, 0.0)
        if not agreed:
            return exported
        return (form.agreed or {}).get(str(member_id), {}).get(key, exported)

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------

    def _get_file_name(self):
        self.ensure_one()
        form = self.sudo()
        return f"{form.window_id.code} - {form.collection_point_id.name}.xlsx".replace(
            "/", "-"
        )

    def _format_closes_at(self):
        """The deadline, in the cooperative's time and the reader's words."""
        self.ensure_one()
        return format_local(self.env, self.window_id.closes_at, self.company_id)

    def _make_spreadsheet(self):
        """The form as an xlsx file: bytes; the same each time it is asked for."""
        self.ensure_one()
        buffer = io.BytesIO()
        book = new_workbook(buffer)
        # sudo: the form has its members' names; who downloads it was checked
        self.sudo()._write_sheets(book)
        book.close()
        return buffer.getvalue()

    def _process_attachments_for_template_post(self, mail_template):
        """The file goes with the mail, in the language of who reads it."""
        # Not super(): this model has no thread; Odoo asks any model for this method.
        return {
            form.id: {
                "attachments": [
                    (
                        form._get_file_name(),
                        base64.b64encode(
                            form.with_context(
                                lang=mail_template.env.context.get("lang")
                            )._make_spreadsheet()
                        ),
                    )
                ]
            }
            for form in self
        }

    def _keep_agreed(self, plan, refused):
        """Remember what was decided, so that the same file asks nothing twice."""
        self.ensure_one()
        # sudo: the form is read-only to referents; see _create_for.
        form = self.sudo()
        agreed = {key: dict(values) for key, values in (form.agreed or {}).items()}
        for (member_id, offer_id), entry in plan.items():
            if entry["action"] != "ask" and (member_id, offer_id) not in refused:
                agreed.setdefault(str(member_id), {})[str(offer_id)] = entry["in_file"]
        form.write(
            {
                "agreed": agreed,
                "uploaded_at": fields.Datetime.now(),
                "uploaded_by_id": self.env.uid,
            }
        )

    def action_download(self):
        """The file, as it was sent out."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/coop/form/{self.id}/spreadsheet",
            "target": "download",
        }
