# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.badge import badge_answer
from ..tools.who import parse_claim

# Unknown numbers before a kiosk pauses: enough for slips, too few to look people up.
MISSES, MISS_MINUTES, PAUSE_MINUTES = 10, 10, 2
CHECKS_A_MINUTE = 30
# How long a badge may have waited in a tablet that was cut off.
QUEUE_HOURS = 24
COLORS = {"present": "green", "already": "green", "late": "amber", "too_early": "amber"}


def new_token():
    return secrets.token_urlsafe(24)


class CoopShiftKiosk(models.Model):
    """A tablet at the entrance. It knows a secret address, and nobody's name."""

    _name = "coop.shift.kiosk"
    _description = "Kiosk"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True, help="Archived: its address stops working.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    collection_point_id = fields.Many2one(
        "coop.collection.point",
        string="Place",
        ondelete="cascade",
        check_company=True,
        index="btree_not_null",
        help="Only the shifts of this place are badged there. Empty: all.",
    )
    mode = fields.Selection(
        [
            ("badge", "Badge"),
            ("door", "May I shop?"),
            ("both", "Both"),
        ],
        string="Used for",
        required=True,
        default="badge",
    )
    accepts_number = fields.Boolean(
        default=True,
        help="Otherwise only the code of the member's phone is accepted.",
    )
    accepts_name = fields.Boolean(
        string="Accepts name and day of birth",
        help="For who has no number at hand. Members write their day of birth, without"
        " the year, in their details.",
    )
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: new_token(),
        groups="coop_base.coop_base_group_volunteer_coordinator",
    )
    url = fields.Char(
        string="Secret Address",
        compute="_compute_url",
        groups="coop_base.coop_base_group_volunteer_coordinator",
    )
    last_seen_at = fields.Datetime(string="Last used", readonly=True, copy=False)
    miss_count = fields.Integer(readonly=True, copy=False)
    miss_since = fields.Datetime(readonly=True, copy=False)
    check_count = fields.Integer(readonly=True, copy=False)
    check_since = fields.Datetime(readonly=True, copy=False)

    _token_once = models.UniqueIndex("(token)", "Each kiosk has its own address.")

    @api.depends("token")
    def _compute_url(self):
        for kiosk in self:
            kiosk.url = f"{kiosk.get_base_url()}/coop/kiosk/{kiosk.token}"

    def action_open(self):
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self.url, "target": "new"}

    def action_renew(self):
        """The tablet was lost: the former address stops working at once."""
        self.check_access("write")
        for kiosk in self:
            kiosk.token = new_token()
        return True

    # ------------------------------------------------------------------
    # Answers: one member, one sentence
    # ------------------------------------------------------------------

    @api.model
    def _find(self, token):
        """The kiosk of a secret address, with sudo in its company; else nothing."""
        if not token or len(token) > 100:
            return self.sudo().browse()
        # sudo: the secret address is the right to ask, see _badge and _check_shop.
        kiosk = self.sudo().search([("token", "=", token)], limit=1)
        return kiosk.with_company(kiosk.company_id) if kiosk else kiosk

    def _badge(self, code, age=0):
        """Badge by number or by the code of a phone.

        :param age: seconds since it happened, by the tablet's own count; a tablet that
            was cut off sends later what happened then
        :return: ``{result, color, message, initials, shift, retry}``
        """
        self.ensure_one()
        self._queue()
        if self.mode == "door":
            return self._kiosk_result("unknown", self._unknown_text())
        if wait := self._pause():
            return wait
        age = min(max(float(age or 0), 0.0), QUEUE_HOURS * 3600)
        now = fields.Datetime.now() - timedelta(seconds=int(age))
        member = self._find_member(code)
        if not member:
            self._count_miss()
            return self._kiosk_result("unknown", self._unknown_text())
        self._lock_member(member)
        registrations = self.env["coop.shift.registration"]
        answer = registrations._badge(member, now, self.collection_point_id or None)
        if answer["result"] == "not_expected" and age:
            answer = self._badge_afterwards(member, now) or answer
        if answer["result"] == "not_expected":
            self._count_miss()
        self._touch()
        registration = registrations.browse(answer["registration_id"])
        return self._kiosk_result(
            answer["result"],
            answer["message"],
            initials=self._initials(member) if registration else "",
            shift=registration.shift_id.name or "",
        )

    def _badge_afterwards(self, member, now):
        """A badge that arrives once the sheet is closed corrects the absence."""
        policy = member._volunteer_policy()
        domain = [
            ("member_id", "=", member.id),
            ("state", "=", "absent"),
            ("shift_id.state", "=", "done"),
            ("start_at", "<=", now + timedelta(minutes=policy.badge_before)),
            ("end_at", ">=", now),
        ]
        if self.collection_point_id:
            domain.append(
                ("shift_id.collection_point_id", "=", self.collection_point_id.id)
            )
        for registration in self.env["coop.shift.registration"].search(domain):
            answer = badge_answer(
                registration.start_at,
                now,
                policy.badge_before,
                policy.badge_after,
                policy.badge_late,
            )
            if answer.state in ("present", "late"):
                registration.write({"state": answer.state, "badged_at": now})
                return registration._badge_result(answer.state, registration)
        return None

    def _check_shop(self, code):
        """Yes or no for the door, and the next step: never why."""
        self.ensure_one()
        self._queue()
        if self.mode == "badge":
            return self._kiosk_result("unknown", self._unknown_text())
        if wait := self._pause() or self._count_check():
            return wait
        member = self._find_member(code)
        if not member:
            self._count_miss()
            return self._kiosk_result("unknown", self._unknown_text())
        self._touch()
        allowed, step = member._may_shop()
        return self._kiosk_result(
            "yes" if allowed else "no",
            self.env._("Yes, welcome!") if allowed else self.env._("Not today."),
            initials=self._initials(member),
            step=step,
        )

    def _kiosk_result(self, result, message, **values):
        color = COLORS.get(result, "green" if result == "yes" else "red")
        return {
            "result": result,
            "color": color,
            "message": message,
            "initials": "",
            "shift": "",
            "step": "",
            "retry": 0,
            **values,
        }

    def _unknown_text(self):
        return self.env._(
            "This number is not known. Check it, or ask the shift's referent."
        )

    @api.model
    def _initials(self, member):
        words = (member.name or "").replace("-", " ").split()
        return " ".join(f"{word[0].upper()}." for word in words[:3])

    def _find_member(self, code):
        members = self.env["res.partner"]
        if claim := parse_claim(code):
            if not self.accepts_name:
                return members
            return members._find_by_claim(claim, self.company_id)
        number = "".join((code or "").split())
        code = number.upper()
        if not code or len(code) > 32:
            return members
        domain = [
            ("coop_is_active", "=", True),
            ("company_id", "=", self.company_id.id),
        ]
        if members._is_badge_code(code):
            return members.search([*domain, ("volunteer_badge_code", "=", code)])
        if not self.accepts_number:
            return members
        # People leave the zeros out.
        numbers = {number, code, *(number.zfill(size) for size in range(2, 9))}
        found = members.search([*domain, ("coop_number", "in", list(numbers))])
        exact = found.filtered(lambda m: m.coop_number in (number, code))
        found = exact or found
        return found if len(found) == 1 else members

    def _lock_member(self, member):
        """Two kiosks, one member: the second reads what the first one wrote."""
        self.env.execute_query(
            SQL(
                "SELECT pg_advisory_xact_lock(hashtext('coop_badge'), %s)",
                member.id,
            )
        )

    # ------------------------------------------------------------------
    # Nobody browses the members
    # ------------------------------------------------------------------

    def _queue(self):
        """One question at a time: a hundred at once are counted like one by one."""
        self.env.execute_query(
            SQL(
                "SELECT id FROM coop_shift_kiosk WHERE id = %s FOR NO KEY UPDATE",
                self.id,
            )
        )
        # Who waited reads what the others counted.
        self.invalidate_recordset(
            ["miss_count", "miss_since", "check_count", "check_since"]
        )

    def _pause(self):
        now = fields.Datetime.now()
        if self.miss_count < MISSES or not self.miss_since:
            return None
        until = self.miss_since + timedelta(minutes=PAUSE_MINUTES)
        if now >= until:
            self.write({"miss_count": 0, "miss_since": False})
            return None
        return self._wait_result((until - now).total_seconds())

    def _wait_result(self, seconds):
        return self._kiosk_result(
            "wait",
            self.env._("Too many attempts. This kiosk takes a short break."),
            retry=max(int(seconds), 1),
        )

    def _count_miss(self):
        now = fields.Datetime.now()
        old = not self.miss_since or (
            self.miss_since < now - timedelta(minutes=MISS_MINUTES)
        )
        # The last of the misses starts the pause.
        count = 1 if old else self.miss_count + 1
        since = now if old or count >= MISSES else self.miss_since
        self.write({"miss_count": count, "miss_since": since})

    def _count_check(self):
        now = fields.Datetime.now()
        if not self.check_since or self.check_since < now - timedelta(minutes=1):
            self.write({"check_count": 1, "check_since": now})
            return None
        if self.check_count >= CHECKS_A_MINUTE:
            return self._wait_result(60 - (now - self.check_since).total_seconds())
        self.check_count += 1
        return None

    def _touch(self):
        now = fields.Datetime.now()
        if not self.last_seen_at or self.last_seen_at < now - timedelta(minutes=10):
            self.last_seen_at = now
