# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os

from .builder import build


def post_init_hook(env):
    # `./coop run` builds it step by step once the server is up.
    if os.environ.get("COOP_DEMO") != "later":
        build(env)
