# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import etree

from odoo import models

# What the code made from a template depends on, beside Odoo's own cache keys.
COMPILE_KEYS = ("preserve_comments", "raise_on_forbidden_code_for_model")


class CompiledBodies(dict):
    """The code made from the bodies of mails, while a batch is rendered.

    A class of its own, so that no client can send one: it would be code of theirs.
    """


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _generate_code_uncached(self, template):
        """Within a batch, the body of a mail template is compiled once.

        Odoo keeps the code of views between renderings, not that of a template which
        is no view: it compiles the same body again for each recipient, which takes
        three quarters of the time of a mail. Whoever renders a batch gives
        `CompiledBodies` as ``coop_qweb_memo`` in the context; they live as long as it.
        """
        memo = self.env.context.get("coop_qweb_memo")
        if not isinstance(memo, CompiledBodies) or not isinstance(
            template, etree._Element
        ):
            return super()._generate_code_uncached(template)
        context = self.env.context
        # Before compiling, which changes the element.
        key = (
            etree.tostring(template),
            *(context.get(name) for name in self._get_template_cache_keys()),
            *(context.get(name) for name in COMPILE_KEYS),
        )
        if key not in memo:
            memo[key] = super()._generate_code_uncached(template)
        return memo[key]
