"""Install the suite on the template database, beside modules of Odoo's own.

The peer is the same work by Odoo core: a chain of modules of comparable weight. At the
quick size members' cards and orders are installed, beside Odoo's projects.
"""

from benchmarks.harness import Result, install, run, scratch_database, size
from devtools import settings

SECONDS = {"full": 240, "quick": 30}
PEER = size(
    full=("point_of_sale", "project", "sale_purchase_stock"), quick=("project",)
)


def main():
    suite = [
        name
        for name in settings.own_modules()
        # The peer has the point of sale and projects: not counted on our side.
        if name
        not in (
            "coop_demo",
            "coop_orders_project",
            "coop_orders_pos",
            "coop_committee",
            "coop_volunteers_pos",
            "coop_volunteers_project",
        )
    ]
    modules = size(full=suite, quick=["coop_base", "coop_orders"])
    with scratch_database("install") as name:
        ours, queries = install(name, modules)
    with scratch_database("install_peer") as name:
        theirs, _queries = install(name, PEER)
    Result(
        name="install",
        n=len(modules),
        ours_s=ours,
        peer=f"Odoo core: {', '.join(PEER)} on the same database",
        peer_s=theirs,
        queries=queries,
    ).write()


if __name__ == "__main__":
    run(main)
