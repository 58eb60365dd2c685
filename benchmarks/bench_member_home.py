"""Open the member home page, beside Odoo's own portal home, as the same member.

The member has an order in an open window and a shift to come.
"""

from benchmarks.harness import (
    Result,
    Server,
    install,
    run,
    scratch_database,
    shell,
    size,
)
from devtools import settings
from devtools.progress import Progress

SECONDS = {"full": 240, "quick": 30}
# The demonstration is left alone: it may be in use, and changes with its day.
MODULES = size(
    full=[name for name in settings.own_modules() if name != "coop_demo"],
    quick=["coop_logistics", "coop_volunteers"],
)
VIEWS = size(full=20, quick=10)

SCRIPT = """
from datetime import timedelta
from odoo import fields
from odoo.fields import Command

env = env(context=dict(env.context, tracking_disable=True, no_reset_password=True))
now = fields.Datetime.now()
point = env["coop.collection.point"].create({"name": "Bench hall"})
farm = env["res.partner"].create({"name": "Bench farm", "is_company": True})
products = env["product.product"].create([
    {
        "name": f"Product {i}",
        "list_price": 1 + i % 9,
        "is_storable": True,
        "seller_ids": [Command.create({"partner_id": farm.id, "price": 1})],
    }
    for i in range(30)
])
user = env["res.users"].create({
    "name": "Bench member", "login": "bench", "password": "bench-password",
    "group_ids": [Command.set(env.ref("base.group_portal").ids)],
})
member = user.partner_id
member.write({
    "is_coop_member": True, "free_member": True, "collection_point_id": point.id,
})
window = env["coop.order.window"].create({
    "name": "Bench window",
    "closes_at": now + timedelta(days=2),
    "offer_ids": [Command.create({"product_id": p.id}) for p in products],
    "distribution_ids": [Command.create({
        "collection_point_id": point.id,
        "date_start": now + timedelta(days=9),
        "date_end": now + timedelta(days=9, hours=2),
    })],
})
window.action_open()
env["sale.order"]._coop_create_orders(window, [
    {"partner": member, "lines": [(offer, 1) for offer in window.offer_ids[:20]]}
])
shift = env["coop.shift"].create({
    "name": "Bench shift",
    "start_at": now + timedelta(days=3),
    "end_at": now + timedelta(days=3, hours=3),
    "collection_point_id": point.id,
    "seat_ids": [Command.create({"seats_max": 4})],
})
env["coop.shift.registration"].create({
    "shift_id": shift.id, "member_id": member.id, "kind": "flying",
})
env.cr.commit()
env.cr.execute("ANALYZE")
env.cr.commit()
answer({"login": user.login, "password": "bench-password"})
"""


def main():
    with scratch_database("member_home") as name:
        install(name, MODULES)
        member = shell(name, SCRIPT, "a member, an order, a shift")
        with Server(name) as web:
            web.login(member["login"], member["password"])
            with Progress("the member home page"):
                ours, queries = web.time_page("/my/coop", VIEWS)
            with Progress("Odoo's portal home"):
                theirs, _queries = web.time_page("/my/home", VIEWS)
    Result(
        name="member_home",
        n=1,
        ours_s=ours,
        peer="Odoo core: the portal's own home page, /my/home",
        peer_s=theirs,
        queries=queries,
    ).write()


if __name__ == "__main__":
    run(main)
