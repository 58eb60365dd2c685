"""Install the suite on the template database, beside Odoo's own sale_purchase_stock.

The peer is the same work by Odoo core: a glue module chain of comparable weight.
"""

from benchmarks.harness import Result, install, scratch_database
from devtools import settings

PEER = ("point_of_sale", "project", "sale_purchase_stock")


def main():
    modules = [
        name
        for name in settings.own_modules()
        # The peer has the point of sale and projects: not counted on our side.
        if name
        not in (
            "coop_demo",
            "coop_orders_pos",
            "coop_volunteers_pos",
            "coop_volunteers_project",
        )
    ]
    with scratch_database("bench_install") as name:
        ours, queries = install(name, modules)
    with scratch_database("bench_install_peer") as name:
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
    main()
