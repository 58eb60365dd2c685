"""Walks through *New* behind every menu of a database, in an Odoo process of its own.

Run by test_new_records_alone.py: ``python -m tests.alone_process DATABASE ROLE``, as
the administrator and as a user of that role; writes one JSON object on its output:
``{"<role>": {"saved": [model], "faults": [text], "refused": {model: [sentence]}}}``.
Nothing is committed.
"""

import contextlib
import json
import sys


def walk_as(env, user):
    from .new_records import Walk

    context = {
        "lang": user.lang,
        "tz": user.tz,
        "uid": user.id,
        "allowed_company_ids": user.company_ids.ids,
    }
    walk = Walk(env(user=user, su=False, context=context))
    walk.run()
    refused = {}
    for place, sentences in walk.refused.items():
        refused.setdefault(place.model, []).extend(sentences)
    return {
        "saved": sorted({place.model for place in walk.saved}),
        "faults": [
            f"{place}\n{fault}"
            for place, faults in walk.faults.items()
            for fault in faults
        ],
        "refused": refused,
    }


def main():
    database, role = sys.argv[1:]
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tests import new_test_user
    from odoo.tools import config

    from .new_records import ROLES

    config.parse_config(["-d", database, "--log-level=error"], setup_logging=True)
    with contextlib.closing(Registry(database).cursor()) as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        user = new_test_user(env, f"alone_{role}", ROLES[role], lang="fr_FR")
        said = {
            role: walk_as(env, user),
            "administrator": walk_as(env, env.ref("base.user_admin")),
        }
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
