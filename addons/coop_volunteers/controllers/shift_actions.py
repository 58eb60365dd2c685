# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .shifts import FLASH, CoopShiftPortal


class CoopShiftActions(CoopShiftPortal):
    """What changes something: always a POST, one sentence back."""

    def _shift_do(self, member, action, done, what, back="/my/coop/shifts"):
        """Run an action, say what happened, remember who did it for whom.

        :param action: a function; UserError is shown to the member, nothing is kept
        :param done: the sentence of success, or a function of the result
        :param what: what is written in the trace when somebody did it for the member
        """
        try:
            with request.env.cr.savepoint():
                result = action()
                request.env["coop.shift.trace"]._record(member, what)
                text = done(result) if callable(done) else done
            request.session[FLASH] = {"text": text, "kind": "success"}
        except UserError as error:
            request.session[FLASH] = {"text": error.args[0], "kind": "danger"}
        return request.redirect(back, code=303)

    def _get_shift(self, shift_id):
        shift = (
            request.env["coop.shift"].search([("id", "=", int(shift_id))])
            if str(shift_id).isdigit()
            else request.env["coop.shift"]
        )
        if not shift:
            raise request.not_found()
        return shift

    def _get_role(self, role_id):
        if not role_id:
            return None
        if not str(role_id).isdigit():
            raise request.not_found()
        role = request.env["coop.shift.role"].search([("id", "=", int(role_id))])
        if not role:
            raise request.not_found()
        return role

    def _check_member(self):
        member, _helped = self._get_shift_member()
        if not member:
            raise request.not_found()
        return member

    @http.route(
        "/my/coop/shifts/book",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        coop_queue=True,
    )
    def coop_shift_book(self, shift_id=None, role_id=None, wait=None, **post):
        member, env = self._check_member(), request.env
        shift, role = self._get_shift(shift_id), self._get_role(role_id)

        def done(registration):
            # sudo: the member's own registration, made just before.
            if registration.sudo().state == "waiting":
                return env._(
                    "You are on the waiting list. You will be told when a seat is free."
                )
            return env._("It is booked: %(shift)s.", shift=shift.display_name)

        return self._shift_do(
            member,
            lambda: shift._book(member, role, wait=bool(wait)),
            done,
            env._("Booked: %(shift)s", shift=shift.display_name),
            self._shift_url(),
        )

    @http.route(
        "/my/coop/shifts/<int:registration_id>/<string:verb>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        coop_queue=True,
    )
    def coop_shift_act(self, registration_id, verb, **post):
        member = self._check_member()
        registration = self._get_own_registration(member, registration_id)
        handler = {
            "cancel": self._shift_cancel,
            "move": self._shift_move,
            "offer": self._shift_offer,
            "withdraw": self._shift_withdraw,
            "take": self._shift_take,
            "leave": self._shift_decline,
            "badge": self._shift_badge,
        }.get(verb)
        if not handler:
            raise request.not_found()
        return handler(member, registration, post)

    def _shift_cancel(self, member, registration, post):
        env = request.env
        terms = registration._get_cancel_terms()
        return self._shift_do(
            member,
            lambda: registration._cancel(
                reason=(post.get("reason") or "").strip()[:200]
            ),
            env._("It is cancelled. %(terms)s", terms=terms["message"]),
            env._("Cancelled: %(shift)s", shift=registration.shift_id.display_name),
            self._shift_url(),
        )

    def _shift_move(self, member, registration, post):
        env = request.env
        shift = self._get_shift(post.get("shift_id"))
        role = self._get_role(post.get("role_id"))
        return self._shift_do(
            member,
            lambda: registration._move(shift, role),
            env._("Your shift is moved: %(shift)s.", shift=shift.display_name),
            env._("Moved to: %(shift)s", shift=shift.display_name),
            self._shift_url(),
        )

    def _shift_offer(self, member, registration, post):
        env = request.env
        return self._shift_do(
            member,
            lambda: env["coop.shift.swap"]._offer(registration),
            env._(
                "Your shift is offered to the others. It stays yours until somebody"
                " takes it."
            ),
            env._("Offered: %(shift)s", shift=registration.shift_id.display_name),
            self._shift_url(f"/{registration.id}"),
        )

    def _shift_withdraw(self, member, registration, post):
        env = request.env
        # sudo: offers of the member's own registration.
        swaps = (
            env["coop.shift.swap"]
            .sudo()
            .search([("registration_id", "=", registration.id)])
        )
        return self._shift_do(
            member,
            swaps._withdraw,
            env._("Your shift is no longer offered."),
            env._("Kept: %(shift)s", shift=registration.shift_id.display_name),
            self._shift_url(f"/{registration.id}"),
        )

    def _shift_take(self, member, registration, post):
        env = request.env
        return self._shift_do(
            member,
            registration._accept_offer,
            env._("It is booked: %(shift)s.", shift=registration.shift_id.display_name),
            env._("Booked: %(shift)s", shift=registration.shift_id.display_name),
            self._shift_url(),
        )

    def _shift_decline(self, member, registration, post):
        env = request.env
        return self._shift_do(
            member,
            registration._decline_offer,
            env._("You are no longer on the waiting list."),
            env._(
                "Off the waiting list: %(shift)s",
                shift=registration.shift_id.display_name,
            ),
            self._shift_url(),
        )

    def _shift_badge(self, member, registration, post):
        """From the phone, only where no kiosk stands."""
        env = request.env

        def badge():
            if registration._badges_at_kiosk():
                raise UserError(
                    env._("Badge at the entrance: show your code at the kiosk.")
                )
            answer = env["coop.shift.registration"]._badge(
                member, point=registration.shift_id.collection_point_id or None
            )
            if answer["result"] not in ("present", "late", "already"):
                raise UserError(answer["message"])
            return answer

        return self._shift_do(
            member,
            badge,
            lambda answer: answer["message"],
            env._("Badged: %(shift)s", shift=registration.shift_id.display_name),
            self._shift_url(),
        )

    # ------------------------------------------------------------------
    # Swaps of others
    # ------------------------------------------------------------------

    @http.route(
        "/my/coop/shifts/swap/<int:swap_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        coop_queue=True,
    )
    def coop_shift_swap(self, swap_id, against=None, **post):
        """Take an offered seat, or propose one's own against it."""
        member, env = self._check_member(), request.env
        # sudo: members see offers without names; what may be done is checked below.
        swap = (
            env["coop.shift.swap"]
            .sudo()
            .search(
                [
                    ("id", "=", swap_id),
                    ("company_id", "=", member.sudo().company_id.id),
                ]
            )
        )
        if not swap:
            raise request.not_found()
        label = swap.shift_id.display_name
        if against:
            if not against.isdigit():
                raise request.not_found()
            registration = self._get_own_registration(member, int(against))
            return self._shift_do(
                member,
                lambda: env["coop.shift.swap.proposal"]._propose(swap, registration),
                env._("It is proposed. You keep your shift until the other agrees."),
                env._("Proposed in exchange of: %(shift)s", shift=label),
                self._shift_url(),
            )
        return self._shift_do(
            member,
            lambda: swap._accept(member),
            env._("This shift is now yours: %(shift)s.", shift=label),
            env._("Taken over: %(shift)s", shift=label),
            self._shift_url(),
        )

    @http.route(
        "/my/coop/shifts/proposal/<int:proposal_id>/<string:verb>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        coop_queue=True,
    )
    def coop_shift_proposal(self, proposal_id, verb, **post):
        member, env = self._check_member(), request.env
        # sudo: searched with the one who offered.
        proposal = (
            env["coop.shift.swap.proposal"]
            .sudo()
            .search([("id", "=", proposal_id), ("swap_id.member_id", "=", member.id)])
        )
        if not proposal or verb not in ("agree", "decline"):
            raise request.not_found()
        label = proposal.registration_id.shift_id.display_name
        if verb == "agree":
            return self._shift_do(
                member,
                proposal._agree,
                env._("It is swapped: you now have %(shift)s.", shift=label),
                env._("Swapped against: %(shift)s", shift=label),
                self._shift_url(),
            )
        return self._shift_do(
            member,
            proposal._decline,
            env._("You keep your shift."),
            env._("Swap declined: %(shift)s", shift=label),
            self._shift_url(),
        )
