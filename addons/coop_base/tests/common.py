# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Users, groups and points that the tests of all Coop add-ons start from."""

from hypothesis import HealthCheck, settings

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

# Hypothesis beside a database, on a machine that may be busy.
calm = settings(
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=list(HealthCheck),
)

# Set in one place: new_test_user's defaults, without mails.
NO_MAIL = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}


class CoopCommon(TransactionCase):
    """One user a role, two groups, two points.

    ========================  ===========================================
    attribute                 who
    ========================  ===========================================
    ``user_member``           portal, member of ``group_toul``, point 1
    ``user_member_2``         portal, member of ``group_nancy``, point 2
    ``member_paper``          member of ``group_toul``, no e-mail, no user
    ``user_referent``         internal, referent of ``group_toul``
    ``user_coordinator``      coordinator
    ``user_buyer``            buyer
    ``user_volunteer``        volunteer coordinator
    ``user_manager``          manager
    ``user_producer``         portal, producer (``producer``), not a member
    ``user_accountant``       ``account.group_account_user``
    ``user_internal``         internal user without any role
    ========================  ===========================================

    ``member`` and ``member_2`` are the partners of the member users.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **NO_MAIL))
        cls.company = cls.env.company
        cls._coop_setup_places()
        cls._coop_setup_staff()
        cls._coop_setup_members()

    @classmethod
    def _coop_setup_places(cls):
        cls.point_1, cls.point_2 = cls.env["coop.collection.point"].create(
            [
                {
                    "name": "Maison des associations",
                    "opening_note": "Jeudi de 17 h 30 à 19 h",
                    "partner_id": cls.env["res.partner"]
                    .create(
                        {
                            "name": "Maison des associations",
                            "street": "3 rue de la République",
                            "zip": "54200",
                            "city": "Toul",
                        }
                    )
                    .id,
                },
                {"name": "Ferme de la Colline", "has_cold_storage": True},
            ]
        )
        cls.group_toul, cls.group_nancy = cls.env["coop.group"].create(
            [
                {
                    "name": "Toul centre",
                    "code": "T-TOUL",
                    "collection_point_ids": [Command.set(cls.point_1.ids)],
                },
                {
                    "name": "Nancy sud",
                    "code": "T-NANCY",
                    "collection_point_ids": [Command.set(cls.point_2.ids)],
                },
            ]
        )

    @classmethod
    def _coop_user(cls, login, name, groups, **values):
        return new_test_user(
            cls.env,
            login=login,
            password=login,
            groups=groups,
            name=name,
            email=f"{login}@coop.example.com",
            lang=values.pop("lang", "fr_FR"),
            tz="Europe/Paris",
            **values,
        )

    @classmethod
    def _coop_setup_staff(cls):
        role = "base.group_user,coop_base.coop_base_group_%s"
        cls.user_referent = cls._coop_user(
            "coop_referent", "Renée Référente", role % "referent"
        )
        cls.user_coordinator = cls._coop_user(
            "coop_coordinator", "Colette Coordinatrice", role % "coordinator"
        )
        cls.user_buyer = cls._coop_user(
            "coop_buyer", "Achille Acheteur", role % "buyer"
        )
        cls.user_volunteer = cls._coop_user(
            "coop_volunteer", "Violette Bénévole", role % "volunteer_coordinator"
        )
        cls.user_manager = cls._coop_user(
            "coop_manager", "Martine Gérante", role % "manager"
        )
        cls.user_accountant = cls._coop_user(
            "coop_accountant",
            "Camille Comptable",
            "base.group_user,account.group_account_user",
        )
        cls.user_internal = cls._coop_user(
            "coop_internal", "Ignace Interne", "base.group_user"
        )
        cls.group_toul.referent_ids = cls.user_referent.partner_id

    @classmethod
    def _coop_setup_members(cls):
        cls.user_member = cls._coop_user(
            "coop_member", "Alice Adhérente", "base.group_portal"
        )
        cls.user_member_2 = cls._coop_user(
            "coop_member_2", "Bruno Adhérent", "base.group_portal"
        )
        cls.member = cls.user_member.partner_id
        cls.member_2 = cls.user_member_2.partner_id
        cls.member.write(cls._coop_member_values(cls.group_toul, cls.point_1))
        cls.member_2.write(cls._coop_member_values(cls.group_nancy, cls.point_2))
        cls.member_paper = cls.env["res.partner"].create(
            {
                "name": "Paulette Papier",
                "phone": "+33 3 83 00 00 01",
                **cls._coop_member_values(cls.group_toul, cls.point_1),
                "contact_channel": "paper",
            }
        )
        cls.producer = cls.env["res.partner"].create(
            {
                "name": "Laiterie du Pré Vert",
                "is_company": True,
                "is_coop_producer": True,
                "supplier_rank": 1,
            }
        )
        cls.user_producer = cls._coop_user(
            "coop_producer", "Prune Productrice", "base.group_portal"
        )
        cls.user_producer.partner_id.parent_id = cls.producer

    @classmethod
    def _coop_member_values(cls, group, point):
        return {
            "is_coop_member": True,
            "company_id": cls.company.id,
            "coop_group_id": group.id,
            "collection_point_id": point.id,
            "contact_channel": "portal",
            "charter_signed_on": fields.Date.today(),
            # A member up to date, without the invoice: fees have their own tests.
            "free_member": True,
        }
