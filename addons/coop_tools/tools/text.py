# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Words of people where Odoo takes HTML."""

from markupsafe import Markup


def text_to_html(text):
    """The words as they were typed, in one paragraph: no tag and no link of theirs.

    Odoo's own ``plaintext2html`` turns addresses into links, which people would trust.

    >>> text_to_html("<b>un</b>\\nhttps://x.example")
    Markup('<p>&lt;b&gt;un&lt;/b&gt;<br/>https://x.example</p>')
    >>> text_to_html(None)
    Markup('<p></p>')
    """
    lines = (text or "").strip().splitlines()
    return Markup("<p>%s</p>") % Markup("<br/>").join(lines)
