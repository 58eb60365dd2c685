# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.einvoice import same_name


def squashed(number):
    """A VAT or company number without what people put between its digits."""
    return re.sub(r"[\W_]+", "", number or "").upper()


class CoopEdiSupplier(models.AbstractModel):
    """Whose bill it is. Core takes any contact whose name contains the supplier's, or
    that shares its e-mail: a bill could go to another. Here a number decides (VAT, then
    SIRET or SIREN), and an e-mail or a name only where no number says otherwise.

    An accountant need not have the right to create contacts.
    """

    _name = "coop.edi.supplier"
    _description = "Supplier of an E-invoice"

    def _coop_import_supplier(self, company, name, phone, email, vat, registry, kwargs):
        """``(partner, what to tell)``, found or, where one may, created."""
        eas, endpoint = kwargs.get("peppol_eas"), kwargs.get("peppol_endpoint")
        partners = self.env["res.partner"].with_company(company)
        partner = self._coop_find_supplier(
            partners, company, name, phone, email, vat, registry, (eas, endpoint)
        )
        if partner:
            return partner, []
        number = vat or registry
        if name and number and partners.has_access("create"):
            partner = self._coop_create_supplier(
                partners, name, phone, email, vat, registry, kwargs
            )
            return partner, [
                self.env._("The supplier %s was not known: it is created.", name)
            ]
        return partner, [
            self.env._(
                "The supplier %(name)s (%(vat)s) is not known: choose it on the bill.",
                name=name or "–",
                vat=number or self.env._("without VAT or company number"),
            )
        ]

    def _coop_find_supplier(
        self, partners, company, name, phone, email, vat, registry, peppol
    ):
        if vat and (found := partners._retrieve_partner(vat=vat)):
            return found.commercial_partner_id
        mine = Domain(partners._check_company_domain(company)) & Domain(
            "id", "!=", company.partner_id.id
        )
        key = squashed(registry)
        ways = []
        if key:
            # A SIRET begins with the SIREN.
            ways.append(Domain("company_registry", "in", (registry, key, key[:9])))
        if all(peppol):
            ways.append(
                Domain("peppol_eas", "=", peppol[0])
                & Domain("peppol_endpoint", "=", peppol[1])
            )
        if email:
            ways.append(Domain("email", "=ilike", email))
        if phone:
            ways.append(Domain("phone", "=", phone))
        if name:
            ways.append(Domain("name", "=ilike", name))
        for domain in ways:
            found = partners.search(mine & domain, limit=20).commercial_partner_id
            found = found.filtered(
                lambda p: (
                    p != company.partner_id
                    and self._coop_may_be_supplier(p, vat, registry)
                )
            )
            if len(found) > 1:
                found = found.filtered(lambda p: same_name(p.name, name)) or found
            if len(found) == 1:
                return found
        return partners

    def _coop_may_be_supplier(self, partner, vat, registry):
        """No number of the partner says that it is another company."""
        known, given = squashed(partner.vat), squashed(vat)
        if known and given and known != given and not known.endswith(given):
            return False
        known, given = squashed(partner.company_registry), squashed(registry)
        return not (known and given and known[:9] != given[:9])

    def _coop_create_supplier(
        self, partners, name, phone, email, vat, registry, kwargs
    ):
        address = kwargs.get("postal_address") or {}
        country = partners.env["res.country"]
        if code := address.get("country_code"):
            country = country.search([("code", "=", code.upper())], limit=1)
        values = {
            "name": name,
            "is_company": True,
            "email": email,
            "phone": phone,
            "country_id": country.id,
            "street": address.get("street"),
            "street2": address.get("additional_street"),
            "city": address.get("city"),
            "zip": address.get("zip"),
        }
        peppol = {
            key: kwargs[key]
            for key in ("peppol_eas", "peppol_endpoint")
            if kwargs.get("peppol_eas") and kwargs.get("peppol_endpoint")
        }
        try:
            with self.env.cr.savepoint():
                partner = partners.create({**values, **peppol})
        except ValidationError:
            # An e-mail as Peppol address, say: no reason to refuse the invoice.
            partner = partners.create(values)
        if vat:
            partner.vat, __ = partners._run_vat_checks(
                country, vat, validation="setnull"
            )
        if registry:
            partner.company_registry = registry
        return partner
