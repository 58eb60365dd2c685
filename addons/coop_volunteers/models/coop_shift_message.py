# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.constants import COORDINATOR

MAX_LENGTH = 1000
# After the shift one still says "I found your scarf".
OPEN_DAYS = 7
# Long after, what people wrote to one another is nobody's business.
KEEP_DAYS = 365


class CoopShiftMessage(models.Model):
    """A word to the people of a shift, through the cooperative: nobody's address."""

    _name = "coop.shift.message"
    _description = "Message to the People of a Shift"
    _order = "create_date desc, id desc"
    _rec_name = "shift_id"

    shift_id = fields.Many2one(
        "coop.shift", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="shift_id.company_id", store=True, index=True, precompute=True
    )
    author_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty: somebody who has left.",
    )
    body = fields.Text(
        string="Message", readonly=True, help="Empty: removed, or its author left."
    )
    told_count = fields.Integer(string="Sent to", readonly=True)
    reported_at = fields.Datetime(readonly=True, copy=False)
    reported_by_id = fields.Many2one(
        "res.partner", readonly=True, copy=False, ondelete="set null"
    )
    hidden_by_id = fields.Many2one(
        "res.users", string="Removed by", readonly=True, copy=False, ondelete="set null"
    )
    hidden_at = fields.Datetime(string="Removed on", readonly=True, copy=False)

    @api.model
    def _send(self, shift, author, body):
        """Write to the others of a shift; callers check that the user is the author.

        :raise UserError: one sentence, if it cannot be
        """
        # sudo: callers answer for the author, who is on this shift.
        shift, author = shift.sudo(), author.sudo()
        body = (body or "").strip()
        if not shift._is_of_shift(author):
            raise UserError(
                self.env._("Only the people of a shift write to one another.")
            )
        if author.volunteer_is_muted:
            raise UserError(
                self.env._("You cannot write any more. See the volunteer coordinators.")
            )
        if not body:
            raise UserError(self.env._("Write a few words first."))
        if len(body) > MAX_LENGTH:
            raise UserError(
                self.env._(
                    "At most %(count)s letters: say it shorter.", count=MAX_LENGTH
                )
            )
        now = fields.Datetime.now()
        if shift.state == "cancelled" or shift.end_at < now - timedelta(OPEN_DAYS):
            raise UserError(self.env._("This shift is over."))
        limit = author._volunteer_policy().message_max
        # Two messages at once wait for each other: the limit holds.
        self.env.execute_query(
            SQL(
                "SELECT pg_advisory_xact_lock(hashtext('coop_shift_message'), %s)",
                author.id,
            )
        )
        if (
            self.sudo().search_count(
                [
                    ("author_id", "=", author.id),
                    ("create_date", ">", now - timedelta(days=1)),
                ]
            )
            >= limit
        ):
            raise UserError(
                self.env._("At most %(count)s messages a day.", count=limit)
            )
        others = shift._get_people() - author
        # sudo: members of the shift write, checked above; nobody creates messages by
        # hand.
        message = self.sudo().create(
            {
                "shift_id": shift.id,
                "author_id": author.id,
                "body": body,
                "told_count": len(others),
            }
        )
        # As the cooperative's robot: a mail never leaves from the author's address.
        robot = others.filtered("coop_tell_message").with_user(SUPERUSER_ID)
        robot._coop_tell(
            message,
            "coop_volunteers.mail_template_shift_message",
            self.env._("a message about their shift"),
            call=False,
        )
        return message

    def _report(self, member):
        """A reader finds that a message does not belong there: coordinators look."""
        # sudo: callers check that the member reads the shift's messages.
        new = self.sudo().filtered(lambda message: not message.reported_at)
        new.write({"reported_at": fields.Datetime.now(), "reported_by_id": member.id})
        coordinators = self.env.ref(COORDINATOR).sudo().all_user_ids
        for message in new:
            who = coordinators.filtered(
                lambda u, message=message: message.company_id in u.company_ids
            )
            # As the robot: a note that only internal users read.
            message.shift_id.with_user(SUPERUSER_ID).message_post(
                body=self.env._(
                    "A message of this shift was reported: see Messages of the Shifts."
                ),
                partner_ids=who.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )
        return True

    def action_hide(self):
        """The words are erased for good, for everybody: who removed them stays.

        What somebody should not have written (of another's health, an insult) is not
        kept for coordinators to read either.
        """
        self._check_moderator()
        # sudo: checked just before; nobody writes messages otherwise.
        self.sudo().filtered(lambda message: not message.hidden_at).write(
            {
                "body": False,
                "hidden_by_id": self.env.uid,
                "hidden_at": fields.Datetime.now(),
            }
        )
        return True

    def action_keep(self):
        """Nothing wrong with it: out of the list of those to look at."""
        self._check_moderator()
        # sudo: as above.
        self.sudo().write({"reported_at": False, "reported_by_id": False})
        return True

    def _check_moderator(self):
        self.check_access("read")
        if not self.env.user.has_group(COORDINATOR):
            raise UserError(self.env._("Only volunteer coordinators remove messages."))

    @api.autovacuum
    def _gc_old_messages(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("create_date", "<", limit)], limit=10000).unlink()
