# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.coop_orders.tools.terms import Trial


class CoopOrderWindow(models.Model):
    """Trying a window before it opens.

    A trial is a transaction that never ends: each request opens the window, places the
    order that the session remembers, does what is asked with all its controls, answers,
    and takes everything back. Nothing is flagged, so nothing has to be left out of
    totals, purchase orders or history, and nothing has to be cleaned up.
    """

    _inherit = "coop.order.window"

    def _check_trial(self):
        """:raise UserError: there is nothing to try, in one sentence"""
        self.ensure_one()
        if self.state != "draft":
            raise UserError(
                self.env._("Only a window that is not open yet can be tried.")
            )
        if not self.offer_ids:
            raise UserError(
                self.env._(
                    "Add what members can order to %(window)s before trying it.",
                    window=self.name,
                )
            )
        self._check_closes_later()

    @contextmanager
    def _trial(self):
        """Within, the window is open; after, nothing happened."""
        self.ensure_one()
        self._check_trial()
        cr = self.env.cr
        # What would be done once the transaction is committed is taken back as well.
        funcs, data = list(cr.postcommit._funcs), dict(cr.postcommit.data)
        savepoint = cr.savepoint()
        try:
            # sudo: the door of a trial only; the caller is a coordinator.
            window = self.sudo().with_context(coop_trial=Trial())
            window.offer_ids._coop_apply_catalogue()
            # Not action_open(): nobody is told.
            models.BaseModel.write(
                window, {"state": "open", "opened_at": fields.Datetime.now()}
            )
            yield window
        finally:
            savepoint.close(rollback=True)
            self.env.transaction.clear()
            cr.postcommit._funcs.clear()
            cr.postcommit._funcs.extend(funcs)
            cr.postcommit.data.clear()
            cr.postcommit.data.update(data)

    def action_try(self):
        """Choose as whom to try this window."""
        self.ensure_one()
        self._check_trial()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_orders_trial.coop_order_trial_action"
        )
        action["context"] = {"default_window_id": self.id}
        return action


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _coop_prepare_order_vals(self, window, partner, channel, entered_by=None):
        """A trial takes no number: PostgreSQL's sequences do not go back."""
        vals = super()._coop_prepare_order_vals(window, partner, channel, entered_by)
        if isinstance(self.env.context.get("coop_trial"), Trial):
            vals["name"] = self.env._("Trial")
        return vals


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def send_email(self, message, *args, **kwargs):
        """A trial sends nothing, not even what leaves at once."""
        if isinstance(self.env.context.get("coop_trial"), Trial):
            return message["Message-Id"]
        return super().send_email(message, *args, **kwargs)
