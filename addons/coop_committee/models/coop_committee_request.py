# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CoopCommitteeRequest(models.Model):
    """A problem that somebody met, answered in the open by a committee."""

    _name = "coop.committee.request"
    _description = "Request to a Committee"
    _inherit = ["mail.thread"]
    _order = "state desc, create_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    description = fields.Text(required=True, string="What Happens")
    image = fields.Image(string="Photo", max_width=1600, max_height=1600)
    member_id = fields.Many2one(
        "res.partner", string="From", index="btree_not_null", ondelete="set null"
    )
    committee_id = fields.Many2one(
        "coop.committee",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('dissolved_on', '=', False)]",
        tracking=True,
    )
    guessed_by = fields.Char(
        readonly=True, help="The words by which the committee was found."
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Solved")],
        required=True,
        default="open",
        index=True,
        tracking=True,
    )
    reply_ids = fields.One2many("coop.committee.reply", "request_id")
    watcher_ids = fields.Many2many(
        "res.partner",
        "coop_committee_request_watcher_rel",
        "request_id",
        "member_id",
        string="Followed by",
    )
    page_id = fields.Many2one(
        "coop.knowledge.page",
        string="Page of Knowledge",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("description")
    def _compute_name(self):
        for request in self:
            line = (request.description or "").strip().split("\n")[0].strip()
            request.name = line if len(line) <= 80 else line[:79].rstrip() + "…"

    @api.model
    def _ask(self, member, description, image=False, committee=None):
        """Send a request to the committee named, or to the one that its words say."""
        description = (description or "").strip()
        if not description:
            raise UserError(self.env._("Say in a few words what happens."))
        words = ()
        if not committee:
            committee, words = self.env["coop.committee"]._guess(
                description, member.company_id
            )
        # sudo: any member asks; callers say who.
        request = self.sudo().create(
            {
                "description": description,
                "image": image,
                "member_id": member.id,
                "company_id": member.company_id.id,
                "committee_id": committee.id if committee else False,
                "guessed_by": ", ".join(words),
                "watcher_ids": [Command.set(member.ids)],
            }
        )
        request._tell(request._get_committee_members() - member, "request")
        return request.sudo(False)

    def _get_committee_members(self):
        lines = self.sudo().committee_id.line_ids.filtered(lambda li: not li.date_to)
        contacts = lines.filtered(lambda line: line.role == "contact")
        return (contacts or lines).member_id

    def _tell(self, members, kind):
        # sudo: mails to those in charge and those who follow; nobody sees addresses.
        reached = members.sudo().filtered("email_normalized")
        if reached:
            reached._coop_tell(
                self.sudo(), f"coop_committee.mail_template_committee_{kind}", ""
            )

    def _reply(self, member, body):
        """Answer in the open; who follows is told."""
        self.ensure_one()
        body = (body or "").strip()
        if not body:
            raise UserError(self.env._("Write your answer first."))
        # sudo: any member answers; callers say who.
        request = self.sudo()
        reply = (
            self.env["coop.committee.reply"]
            .sudo()
            .create({"request_id": self.id, "member_id": member.id, "body": body})
        )
        request._tell(request.watcher_ids - member, "reply")
        request.watcher_ids = [Command.link(member.id)]
        return reply

    def _follow(self, member, follow=True):
        self.ensure_one()
        command = Command.link if follow else Command.unlink
        # sudo: any member follows; callers say who.
        self.sudo().watcher_ids = [command(member.id)]

    def _may_settle(self, member):
        """Who asked, and the committee in charge."""
        self.ensure_one()
        # sudo: whose request it is, a yes or no.
        request = self.sudo()
        return member == request.member_id or bool(
            request.committee_id and request.committee_id._get_line(member)
        )

    def _transfer(self, committee):
        """The words were misleading: another committee, told in turn."""
        self.ensure_one()
        committee._check_alive()
        # sudo: callers check that the member may settle it.
        request = self.sudo()
        # sudo: names that all members read.
        if committee.sudo().company_id != request.company_id:
            raise UserError(self.env._("Choose another committee."))
        request.write({"committee_id": committee.id, "guessed_by": False})
        request._tell(request._get_committee_members(), "request")

    def _settle(self, done=True):
        # sudo: callers check that the member may settle it.
        self.sudo().state = "done" if done else "open"

    def _make_page(self, member):
        """What was learnt becomes a page that anybody finds and improves."""
        self.ensure_one()
        # sudo: any member writes a page; callers say who.
        request = self.sudo()
        if not request.page_id:
            parts = [request.description] + [r.body for r in request.reply_ids]
            request.page_id = self.env["coop.knowledge.page"]._write_page(
                member, request.name, "\n\n".join(parts), request.committee_id
            )
        return request.page_id.sudo(False)
