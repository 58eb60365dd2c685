{
    "name": "Coop: Volunteers of a Distribution",
    "summary": "Who helps at a distribution, read from the shifts of its point",
    "version": "19.0.1.0.0",
    "category": "Coop",
    "author": "Coop",
    "license": "AGPL-3",
    "depends": ["coop_logistics", "coop_volunteers"],
    "data": [
        "views/coop_preparation_step_views.xml",
        "views/coop_distribution_views.xml",
    ],
    "auto_install": True,
}
