"""Open the member home page, beside Odoo's own portal home, as the same member."""

from benchmarks.harness import Result, Server
from devtools import database, settings


def main():
    modules = settings.own_modules()
    database.ensure(settings.DEMO_DB, modules, label_log="demo")
    member = next(row for row in database.logins() if row["key"] == "member")
    with Server(settings.DEMO_DB) as web:
        web.login(member["login"], member["password"])
        ours, queries = web.time_page("/my/coop")
        theirs, _queries = web.time_page("/my/home")
    Result(
        name="member_home",
        n=1,
        ours_s=ours,
        peer="Odoo core: the portal's own home page, /my/home",
        peer_s=theirs,
        queries=queries,
    ).write()


if __name__ == "__main__":
    main()
