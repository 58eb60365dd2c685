def post_init_hook(env):
    """Give the companies that already keep accounts their till journals."""
    env["res.company"].search(
        [("chart_template", "!=", False)]
    )._coop_create_payment_journals()
