# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize

INVITATION = "coop_orders_producer.mail_template_producer_helper"
# Chosen once, at the invitation: changing them would move an access silently.
FIXED = frozenset({"producer_id", "email", "user_id"})


class CoopProducerHelper(models.Model):
    """A person who may act for a producer on the portal, until this is deleted.

    A helper is no contact of the producer's company: the access is this record alone,
    read at each request, so that withdrawing it acts at once, in open sessions too.
    """

    _name = "coop.producer.helper"
    _description = "Helper of a Producer"
    _order = "name, id"

    producer_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_coop_producer', '=', True)]",
    )
    name = fields.Char(required=True)
    email = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users", string="Account", required=True, readonly=True, ondelete="cascade"
    )

    _user_unique = models.UniqueIndex(
        "(user_id)", "This person has the pages of a producer already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Find or create the person's account, and tell them.

        :raises UserError: the address is no address, or cannot be given access
        """
        prepared = []
        for vals in vals_list:
            producer = self.env["res.partner"].browse(vals.get("producer_id"))
            prepared.append(self._prepare_helper(producer.commercial_partner_id, vals))
        helpers = super().create(prepared)
        template = self.env.ref(INVITATION)
        for helper in helpers:
            # sudo: the link of a first visit is a secret of the person invited.
            template.sudo().send_mail(helper.id)
            helper.producer_id.sudo().message_post(
                body=self.env._(
                    "%(name)s (%(email)s) was given access to the producer's pages.",
                    name=helper.name,
                    email=helper.email,
                ),
                author_id=self.env.user.partner_id.id,
                subtype_xmlid="mail.mt_note",
            )
        return helpers

    def write(self, vals):
        if FIXED & vals.keys():
            raise UserError(
                self.env._("Withdraw this access, then invite the person again.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_told(self):
        for helper in self:
            # sudo: the producer's card says who helps; its helpers do not write on it
            helper.producer_id.sudo().message_post(
                body=self.env._(
                    "The access of %(name)s (%(email)s) was withdrawn.",
                    name=helper.name,
                    email=helper.email,
                ),
                author_id=self.env.user.partner_id.id,
                subtype_xmlid="mail.mt_note",
            )

    @api.model
    def _prepare_helper(self, producer, vals):
        name = (vals.get("name") or "").strip()
        email = email_normalize(vals.get("email") or "")
        if not producer.is_coop_producer:
            raise UserError(self.env._("Choose a producer of the cooperative."))
        if not name:
            raise UserError(self.env._("Write the name of who helps you."))
        if not email:
            raise UserError(
                self.env._("Write one e-mail address, for instance name@example.com.")
            )
        # Two taps on the button: the second waits, and is told so.
        producer.sudo().lock_for_update()
        user = self._find_helper_user(producer, email)
        return {
            "producer_id": producer.id,
            "name": name[:100],
            "email": email,
            "user_id": (user or self._create_helper_user(producer, name, email)).id,
        }

    @api.model
    def _find_helper_user(self, producer, email):
        """The portal account that has this address, if there is one."""
        # sudo: accounts are not readable by buyers and producers; nothing of the
        # account is told but whether it can be given access.
        users = self.env["res.users"].sudo().with_context(active_test=False)
        found = users.search(Domain("login", "=", email))
        found = found or users.search(
            Domain("partner_id.email_normalized", "=", email)
            & Domain("active", "=", True)
        )
        if not found:
            return found
        if len(found) > 1 or not found.active:
            raise UserError(
                self.env._(
                    "%(email)s cannot be invited as it is: use another address, or ask"
                    " the cooperative.",
                    email=email,
                )
            )
        if not found._is_portal():
            raise UserError(
                self.env._(
                    "%(email)s works for the cooperative, and cannot be your helper.",
                    email=email,
                )
            )
        if found.partner_id.coop_email_unproved:
            raise UserError(
                self.env._(
                    "%(email)s has an account that never proved this address: have its"
                    " owner use “Reset Password” on the login page, then invite again.",
                    email=email,
                )
            )
        current = found._coop_get_producer()
        if current == producer:
            raise UserError(
                self.env._("%(email)s has this access already.", email=email)
            )
        if current:
            raise UserError(
                self.env._(
                    "%(email)s has the pages of another producer already: use another"
                    " address.",
                    email=email,
                )
            )
        return found

    @api.model
    def _create_helper_user(self, producer, name, email):
        # sudo: a portal account, which sees nothing but this producer's pages.
        partners = self.env["res.partner"].sudo()
        # A member without account keeps one person for both.
        member = partners.search(
            Domain("email_normalized", "=", email)
            & Domain("coop_is_active", "=", True)
            & Domain("user_ids", "=", False),
            limit=2,
        )
        if len(member) != 1:
            member = partners.create(
                {"name": name, "email": email, "lang": producer.lang}
            )
        company = producer.company_id or self.env.company
        # sudo: an account for who was invited by the producer
        users = self.env["res.users"].sudo().with_context(no_reset_password=True)
        user = users.create(
            {
                "login": email,
                "partner_id": member.id,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        member.signup_prepare()
        return user

    def _coop_get_access_url(self):
        """Where the invitation leads: choosing a password first, if there is none."""
        self.ensure_one()
        partner = self.user_id.partner_id
        if self.user_id.login_date or not partner.signup_type:
            return f"{partner.get_base_url()}/my/producer"
        return partner._get_signup_url()
