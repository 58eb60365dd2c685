# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

# Before WeasyPrint is loaded: it logs while it reads its own stylesheets, then warns of
# each property of Bootstrap that paper has no use for.
for _name in ("weasyprint", "weasyprint.progress", "fontTools", "fontTools.subset"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

from . import engine  # noqa: E402
from . import fetcher  # noqa: E402
