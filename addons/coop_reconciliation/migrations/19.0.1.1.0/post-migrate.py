# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
def migrate(cr, version):
    """Matching is a setting now: whoever used it goes on as before."""
    cr.execute(
        """
        UPDATE res_company
           SET coop_match_bills = TRUE,
               coop_keep_einvoices = TRUE,
               coop_refuse_duplicates = TRUE
         WHERE id IN (SELECT company_id FROM account_move WHERE match_date IS NOT NULL)
            OR id IN (SELECT company_id FROM coop_match_policy)
        """
    )
