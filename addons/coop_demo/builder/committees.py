# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import datetime

COMMITTEES = (
    (
        "Bâtiment et froid",
        "Les frigos, la chambre froide, les portes, l'électricité et les réparations.",
    ),
    (
        "Accueil et formation",
        "Recevoir les nouveaux, expliquer les créneaux, tenir les modes d'emploi.",
    ),
)
SKILLS = (
    ("Plomberie, petites réparations", "Le mardi, à la réception"),
    ("Comptabilité, tableurs", ""),
    ("Affiches et mise en page", "Par le comité Accueil"),
)


def build_committees(env, users):
    """Committees at work and one of the past, a meeting, a request, who can do what."""
    camille = users["member"].partner_id
    company = env.company
    today = company._coop_get_today()
    near = env["res.partner"].search(
        [
            ("is_coop_member", "=", True),
            ("company_id", "=", company.id),
            ("volunteer_kind", "=", "fixed"),
            ("id", "!=", camille.id),
        ],
        order="id",
        limit=6,
    )
    Committee = env["coop.committee"]
    cold, welcome = (
        Committee._found(founder, name, purpose)
        for founder, (name, purpose) in zip(near[:2], COMMITTEES, strict=True)
    )
    for member in near[2] | camille:
        cold._join(member)
    welcome._join(near[3])
    moving = Committee._found(near[4], "Déménagement", "Trouver un local plus grand.")
    moving._dissolve("Le local est trouvé et le bail signé : merci à toutes et tous !")
    day = today + datetime.timedelta(days=12)
    cold._announce_meeting(
        near[0],
        datetime.datetime.combine(day, datetime.time(19)),
        2,
        "Salle du conseil",
        "La porte de la chambre froide ; les devis d'isolation.",
    )
    env["coop.committee.request"]._ask(
        camille, "La porte de la chambre froide ferme mal depuis mardi."
    )
    for member, (skills, contact) in zip(camille | near[1:3], SKILLS, strict=True):
        member._set_skills(True, skills, contact)
    camille.volunteer_birthday = "03-12"
    env["coop.shift.kiosk"].search([]).accepts_name = True
    _build_words(env, camille)
    env["coop.volunteer.day"]._count(company, today)
    env["coop.shift"]._forecast(company)


def _build_words(env, camille):
    """Two words between the people of Camille's next shift."""
    shift = camille._next_shift().shift_id
    others = shift._get_people() - camille
    if not others:
        return
    messages = env["coop.shift.message"]
    messages._send(shift, others[0], "J'apporte le café. Qui peut ouvrir ?")
    messages._send(shift, camille, "Moi : j'ai la clé.")
