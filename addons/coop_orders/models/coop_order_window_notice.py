# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from odoo.addons.coop_base.tools.localtime import to_local, to_utc

_logger = logging.getLogger(__name__)

# Members told between two commits.
BATCH = 100
# A confirmation that comes later than this helps nobody.
LATE = timedelta(days=2)


class CoopOrderWindowNotice(models.AbstractModel):
    """Telling members: it opens, it closes soon, your order is confirmed, come
    tomorrow. Each of them once (``coop.order.notice``)."""

    _name = "coop.order.window.notice"
    _description = "Order Window: Messages"

    notice_ids = fields.One2many("coop.order.notice", "window_id")
    to_call_count = fields.Integer(
        string="Members to Call", compute="_compute_to_call_count"
    )

    def _compute_to_call_count(self):
        counts = dict(
            self.env["coop.order.notice"]._read_group(
                [
                    ("window_id", "in", self.ids),
                    ("channel", "=", "call"),
                    ("called_at", "=", False),
                ],
                ["window_id"],
                ["__count"],
            )
            if self.env["coop.order.notice"].has_access("read")
            else []
        )
        for window in self:
            window.to_call_count = counts.get(window, 0)

    def action_view_to_call(self):
        """The members whom no mail reaches."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coop_orders.coop_order_notice_action"
        )
        action["domain"] = [("window_id", "=", self.id), ("channel", "=", "call")]
        return action

    def action_view_notices(self):
        """Who was told of what."""
        action = self.action_view_to_call()
        action.update(domain=[("window_id", "=", self.id)], context={})
        return action

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def _trigger_notices(self):
        """Wake up who tells members, when there is something to tell."""
        now = fields.Datetime.now()
        moments = set()
        for window in self:
            if window.state == "open":
                moments.add(now)
                if window.closes_at:
                    moments.add(window._get_reminder_at())
            elif window.state == "closed":
                moments.add(now)
        if moments:
            # sudo: only wakes up a cron that does what the windows say.
            cron = self.env.ref("coop_orders.coop_order_notice_cron").sudo()
            cron._trigger(at=sorted(moments))

    def _get_reminder_at(self):
        self.ensure_one()
        return self.closes_at - timedelta(hours=self.reminder_hours)

    def _get_collections_to_tell(self):
        """Distributions of tomorrow, from the evening on, in the cooperative's time."""
        self.ensure_one()
        now, zone = fields.Datetime.now(), self.company_id.coop_tz

        def told_from(distribution):
            day = to_local(distribution.date_start, zone).date() - timedelta(days=1)
            hour = timedelta(minutes=round(self.collection_hour * 60))
            return to_utc(datetime.combine(day, time()) + hour, zone)

        return self.distribution_ids.filtered(
            lambda d: told_from(d) <= now < d.date_start
        )

    @api.model
    def _get_due_notices(self):
        """``[(window, kind)]`` that may have somebody to tell now."""
        now = fields.Datetime.now()
        jobs = [
            (window, "closing")
            for window in self.search(
                [
                    ("state", "=", "closed"),
                    ("tell_closing", "=", True),
                    ("closed_at", ">", now - LATE),
                ]
            )
            - self._search_unfinished()
        ]
        windows = self.search(
            [
                ("state", "in", ("closed", "done")),
                ("tell_collection", "=", True),
                ("distribution_ids.date_start", ">", now),
                ("distribution_ids.date_start", "<", now + LATE),
            ]
        )
        jobs += [(w, "collection") for w in windows if w._get_collections_to_tell()]
        opened = self.search([("state", "=", "open"), ("closes_at", ">", now)])
        jobs += [
            (window, "reminder")
            for window in opened
            if window.tell_reminder and window._get_reminder_at() <= now
        ]
        jobs += [(window, "opening") for window in opened if window.tell_opening]
        return jobs

    @api.model
    def _cron_send_notices(self):
        """Tell whom it concerns, by batches; what was told is never told again."""
        jobs = self._get_due_notices()
        Cron = self.env["ir.cron"]
        for done, (window, kind) in enumerate(jobs, start=1):
            window = window.with_company(window.company_id)
            try:
                for records in window._get_notice_batches(kind, BATCH):
                    window._tell_batch(kind, records)
                    if Cron._commit_progress() <= 0:
                        # Time is up: Odoo runs this again at once.
                        Cron._commit_progress(remaining=len(jobs) - done + 1)
                        return
            except Exception:
                self.env.cr.rollback()
                _logger.exception("order window %s: telling %s failed", window.id, kind)
            Cron._commit_progress(1, remaining=len(jobs) - done)

    # ------------------------------------------------------------------
    # Whom
    # ------------------------------------------------------------------

    def _get_untold_domain(self, kind, field="partner_id"):
        # sudo: who was told; the sender is a cron.
        told = (
            self.env["coop.order.notice"]
            .sudo()
            ._search([("window_id", "=", self.id), ("kind", "=", kind)])
        )
        return Domain(field, "not in", told.subselect("partner_id"))

    def _get_invited_domain(self):
        """Members who may order in this window (see ``_accepts_member``)."""
        self.ensure_one()
        domain = (
            Domain("coop_is_active", "=", True)
            & Domain("company_id", "in", [False, self.company_id.id])
            & Domain("coop_left_on", "=", False)
        )
        if self.group_ids:
            domain &= Domain("coop_group_id", "in", self.group_ids.ids)
        return domain

    def _search_partners_to_tell(self, kind):
        # sudo: the cron tells everybody; nothing of a member is shown to another.
        Partner = self.env["res.partner"].sudo()
        domain = self._get_invited_domain() & self._get_untold_domain(kind, "id")
        if kind == "opening":
            domain &= Domain("coop_tell_opening", "=", True)
        else:
            ordered = (
                self.env["sale.order"]
                .sudo()
                ._search(
                    [
                        ("order_window_id", "=", self.id),
                        ("state", "!=", "cancel"),
                        ("amount_total", ">", 0),
                    ]
                )
            )
            domain &= Domain("coop_remind_closing", "=", True)
            domain &= Domain("id", "not in", ordered.subselect("partner_id"))
        return self._filter_invited(Partner.search(domain, order="id"))

    def _filter_invited(self, partners):
        """Without those whom the window refuses (hook), in a few queries."""
        return partners

    def _search_orders_to_tell(self, kind):
        domain = (
            Domain("order_window_id", "=", self.id)
            & Domain("amount_total", ">", 0)
            & self._get_untold_domain(kind)
        )
        if kind == "reminder":
            domain &= Domain("state", "=", "draft")
        elif kind == "closing":
            # Baskets taken as orders were told so when the window closed.
            domain &= Domain("state", "=", "sale") & Domain("validated_at", "!=", False)
        else:
            distributions = self._get_collections_to_tell()
            domain &= Domain("state", "=", "sale")
            domain &= Domain("distribution_id", "in", distributions.ids)
        # sudo: as for the partners.
        return self.env["sale.order"].sudo().search(domain, order="id")

    def _get_notice_batches(self, kind, size):
        """Whom there is to tell, by so many: orders, or members without any."""
        self.ensure_one()
        todo = []
        if kind != "opening":
            todo.append(self._search_orders_to_tell(kind))
        if kind in ("opening", "reminder"):
            todo.append(self._search_partners_to_tell(kind))
        for records in todo:
            for ids in split_every(size, records.ids):
                yield records.browse(ids)

    def _tell_batch(self, kind, records):
        """Queue the mails and note who was told, in one transaction.

        A constant number of queries for a batch, beyond Odoo's own for its mails.
        """
        self.ensure_one()
        if records._name == "res.partner":
            partners, about = records, self
            template = self._get_notice_template(kind)
        else:
            partners, about = records.partner_id, records
            template = f"coop_orders.mail_template_{kind}_order"
        mailed, to_call = partners._coop_tell(about, template, "", call=False)
        self._log_notices(kind, mailed, to_call)

    @api.model
    def _get_notice_template(self, kind):
        """The mail, by its XML id, about a window to one of its members (hook)."""
        return f"coop_orders.mail_template_{kind}"

    def _log_notices(self, kind, mailed, to_call):
        self.env["coop.order.notice"]._log_told(
            mailed, to_call, window_id=self.id, kind=kind
        )
        if to_call:
            self._tell_coordinator_to_call(kind)

    def _tell_coordinator_to_call(self, kind):
        """One activity a window and kind, on the window, with the list behind it."""
        notice = self.env["coop.order.notice"]
        words = dict(notice._fields["kind"]._description_selection(self.env))
        summary = self.env._("Members without an e-mail to call: %s", words[kind])
        # sudo: activities of somebody else are not readable.
        window = self.sudo()
        if summary in window.activity_ids.mapped("summary"):
            return
        users = (window.opened_by_id | window.create_uid).filtered(
            lambda user: user._is_internal() and user.active
        ) - self.env.ref("base.user_root")
        user = users[:1] or self.env["res.partner"].sudo()._coop_fallback_caller()
        window.activity_schedule(
            "mail.mail_activity_data_call", summary=summary, user_id=user.id
        )
