# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What committees have behind them: projects, hours, a merger, a lesson learnt."""

import datetime

from odoo.fields import Command

PROJECTS = (
    (
        "Bâtiment et froid",
        "Isoler la chambre froide",
        "Moins d'électricité et des légumes qui tiennent : devis, vote, travaux.",
        (
            ("Relever les températures pendant un mois", True),
            ("Demander trois devis", True),
            ("Présenter le choix à l'assemblée", False),
            ("Choisir les dates des travaux", False),
        ),
    ),
    (
        "Accueil et formation",
        "Dix personnes de plus à la caisse",
        "Un binôme par créneau, une fiche par geste, une heure de pratique.",
        (
            ("Écrire la fiche de la caisse", True),
            ("Trouver les tuteurs", False),
        ),
    ),
)
ENDED = (
    "Accueil et formation",
    "Un accueil qui se voit de la porte",
    "Panneaux, table et badge pour les nouveaux.",
    "C'est en place depuis la rentrée : on ne cherche plus l'accueil.",
)
PROBLEM = (
    "Le bac à glaces est plein de givre et ne ferme plus.",
    "Débrancher, vider dans la chambre froide, laisser fondre porte ouverte une heure,"
    " essuyer, rebrancher. Jamais de couteau : on perce le circuit.",
    "Fait ce matin, il ferme. Compter une heure et deux serpillières.",
)
TILL = (
    "Ouvrir et fermer la caisse",
    "1. Compter le fonds de caisse à deux et l'écrire.\n"
    "2. Demander le numéro d'adhérent avant de commencer.\n"
    "3. À la fermeture, compter d'abord, regarder l'écran ensuite.",
)
BETTER = "\n4. Un écart ? On l'écrit avec un mot, personne n'est accusé."


def build_committee_life(env, users):
    """To be called after `build_committees`."""
    committees = env["coop.committee"].search([("company_id", "=", env.company.id)])
    alive = {c.name: c for c in committees if not c.dissolved_on}
    camille = users["member"].partner_id
    _build_story(committees)
    _build_merger(env, alive["Accueil et formation"])
    _build_projects(env, alive)
    _build_hours(env, alive["Bâtiment et froid"], camille)
    _build_lesson(env, alive["Bâtiment et froid"], camille)


def _build_story(committees):
    """They were not all founded on the day of the demonstration."""
    for years, committee in enumerate(committees.sorted("id"), start=1):
        committee.founded_on -= datetime.timedelta(days=365 * years)
        committee.line_ids.date_from = committee.founded_on


def _build_merger(env, welcome):
    founder = welcome.line_ids.member_id[-1:]
    posters = env["coop.committee"]._found(
        founder, "Affichage", "Les affiches, le tableau de l'entrée, les étiquettes."
    )
    posters.founded_on -= datetime.timedelta(days=500)
    posters.line_ids.date_from = posters.founded_on
    posters._merge_into(
        welcome, "Nous étions les mêmes deux soirs de suite : on continue ensemble."
    )


def _build_projects(env, alive):
    for committee, name, description, tasks in PROJECTS:
        committee = alive[committee]
        project = committee._start_project(
            committee.line_ids.member_id[:1], name, description
        )
        env["project.task"].create(
            [
                {
                    "name": task,
                    "project_id": project.id,
                    "user_ids": [Command.clear()],
                    "state": "1_done" if done else "01_in_progress",
                }
                for task, done in tasks
            ]
        )
    cold, welcome = alive["Bâtiment et froid"], alive["Accueil et formation"]
    cold._share_project(cold.line_ids.member_id[:1], cold.project_ids[:1], welcome)
    name, title, description, word = ENDED
    member = alive[name].line_ids.member_id[:1]
    ended = alive[name]._start_project(member, title, description)
    alive[name]._end_project(member, ended, word)


def _build_hours(env, committee, camille):
    """Time given there counts like a shift."""
    today = env.company._coop_get_today()
    for days, hours, note in ((20, 2.0, "Relevé des températures"), (6, 1.0, "Devis")):
        env["coop.committee.hours"]._declare(
            committee, camille, today - datetime.timedelta(days=days), hours, note
        )


def _build_lesson(env, committee, camille):
    """A request answered in the open, which became a page; a page made better."""
    what, answer, thanks = PROBLEM
    expert = committee.line_ids.member_id[:1]
    request = env["coop.committee.request"]._ask(camille, what, committee=committee)
    request._reply(expert, answer)
    request._reply(camille, thanks)
    request._settle()
    request._make_page(expert)
    pages = env["coop.knowledge.page"]
    page = pages._write_page(expert, *TILL)
    page.role_ids = env["coop.shift.role"].search([("name", "=", "Caisse")])
    page._improve(camille, TILL[0], TILL[1] + BETTER, page._get_last_version().id)
