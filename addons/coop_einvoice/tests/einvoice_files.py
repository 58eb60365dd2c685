# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Small electronic invoices written for the tests, in both syntaxes."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from xml.sax.saxutils import escape

CENT = Decimal("0.01")


def cents(amount):
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass
class Row:
    """A line: amounts as text, so that they are written as given."""

    name: str
    quantity: str = "1"
    price: str = "0"
    rate: str | None = "20"
    category: str = "S"
    unit: str = "C62"
    basis: str = ""
    total: str = ""
    charges: tuple = ()  # (signed amount, reason)
    sku: str = ""
    number: str = ""
    parent: str = ""
    status: str = ""

    @property
    def amount(self):
        if self.total:
            return Decimal(self.total)
        gross = Decimal(self.quantity) * Decimal(self.price)
        gross /= Decimal(self.basis or 1)
        return cents(gross) + sum(Decimal(amount) for amount, __ in self.charges)


@dataclass
class File:
    rows: list = field(default_factory=list)
    number: str = "FA-2026-1"
    type_code: str = "380"
    root: str = "Invoice"
    currency: str = "EUR"
    tax_currency: str = ""
    date: str = "2026-06-17"
    due: str = ""
    charges: tuple = ()  # (signed amount, reason, rate)
    prepaid: str = "0"
    rounding: str = "0"
    order: str = ""
    seller: str = "Au bon moulin"
    vat: str = "FR11999999998"
    registry: str = ""
    email: str = ""
    extra: str = ""  # XML of the syntax, at the place of the attachments
    groups: tuple = ()  # numbers of rows that repeat others
    breakdown: tuple | None = None  # (rate, category, basis, tax), instead of the sums

    @property
    def vats(self):
        if self.breakdown is not None:
            return [
                (rate, category, Decimal(basis), Decimal(tax))
                for rate, category, basis, tax in self.breakdown
            ]
        sums = defaultdict(Decimal)
        for row in self.rows:
            if row.number not in self.groups:
                sums[row.rate, row.category] += row.amount
        for amount, __, rate in self.charges:
            sums[rate, "S"] += Decimal(amount)
        return [
            (rate, category, basis, cents(basis * Decimal(rate or 0) / 100))
            for (rate, category), basis in sums.items()
        ]

    @property
    def totals(self):
        rows = sum((r.amount for r in self.rows if r.number not in self.groups), 0)
        untaxed = Decimal(rows) + sum(Decimal(c[0]) for c in self.charges)
        if not self.rows:
            untaxed = sum(basis for __, __, basis, __ in self.vats)
        tax = sum(tax for __, __, __, tax in self.vats)
        payable = untaxed + tax - Decimal(self.prepaid) + Decimal(self.rounding)
        return Decimal(rows), untaxed, tax, untaxed + tax, payable

    # -------------------------------------------------------------------------
    # UBL
    # -------------------------------------------------------------------------

    def ubl(self):
        rows, untaxed, tax, total, payable = self.totals
        money = f'currencyID="{self.currency}"'
        kind = "CreditNote" if self.root == "CreditNote" else "Invoice"
        quantity = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"

        def amount(tag, value):
            return f"<cbc:{tag} {money}>{value}</cbc:{tag}>"

        def percent(rate, tag="cbc:Percent"):
            return "" if rate is None else f"<{tag}>{rate}</{tag}>"

        def charge(value, reason, category=""):
            value = Decimal(value)
            return (
                "<cac:AllowanceCharge><cbc:ChargeIndicator>"
                f"{'true' if value > 0 else 'false'}</cbc:ChargeIndicator>"
                f"<cbc:AllowanceChargeReason>{escape(reason)}"
                "</cbc:AllowanceChargeReason>"
                f"{amount('Amount', abs(value))}{category}</cac:AllowanceCharge>"
            )

        lines = "".join(
            f"<cac:{kind}Line><cbc:ID>{row.number or n}</cbc:ID>"
            f'<cbc:{quantity} unitCode="{row.unit}">{row.quantity}</cbc:{quantity}>'
            f"{amount('LineExtensionAmount', row.amount)}"
            f"{''.join(charge(*c) for c in row.charges)}"
            f"<cac:Item><cbc:Name>{escape(row.name)}</cbc:Name>"
            f"<cac:SellersItemIdentification><cbc:ID>{row.sku}</cbc:ID>"
            "</cac:SellersItemIdentification>"
            f"<cac:ClassifiedTaxCategory><cbc:ID>{row.category}</cbc:ID>"
            f"{percent(row.rate)}</cac:ClassifiedTaxCategory></cac:Item>"
            f"<cac:Price>{amount('PriceAmount', row.price)}"
            + (f"<cbc:BaseQuantity>{row.basis}</cbc:BaseQuantity>" if row.basis else "")
            + f"</cac:Price></cac:{kind}Line>"
            for n, row in enumerate(self.rows, 1)
        )
        subtotals = "".join(
            f"<cac:TaxSubtotal>{amount('TaxableAmount', basis)}"
            f"{amount('TaxAmount', vat)}<cac:TaxCategory><cbc:ID>{category}</cbc:ID>"
            f"{percent(rate)}</cac:TaxCategory></cac:TaxSubtotal>"
            for rate, category, basis, vat in self.vats
        )
        second = ""
        if self.tax_currency:
            second = (
                f'<cac:TaxTotal><cbc:TaxAmount currencyID="{self.tax_currency}">'
                f"{tax * 7}</cbc:TaxAmount>"
                + subtotals.replace(money, f'currencyID="{self.tax_currency}"')
                + "</cac:TaxTotal>"
            )
        charges = "".join(
            charge(
                value,
                reason,
                f"<cac:TaxCategory><cbc:ID>S</cbc:ID>{percent(rate)}</cac:TaxCategory>",
            )
            for value, reason, rate in self.charges
        )
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
<cbc:ID>{self.number}</cbc:ID><cbc:IssueDate>{self.date}</cbc:IssueDate>
{f"<cbc:DueDate>{self.due}</cbc:DueDate>" if self.due else ""}
<cbc:{kind}TypeCode>{self.type_code}</cbc:{kind}TypeCode>
<cbc:DocumentCurrencyCode>{self.currency}</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>{self.order}</cbc:ID></cac:OrderReference>
{self.extra}
<cac:AccountingSupplierParty><cac:Party>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode>
</cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>{self.vat}</cbc:CompanyID>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>{self.seller}</cbc:RegistrationName>
<cbc:CompanyID>{self.registry}</cbc:CompanyID></cac:PartyLegalEntity>
<cac:Contact><cbc:ElectronicMail>{self.email}</cbc:ElectronicMail></cac:Contact>
</cac:Party></cac:AccountingSupplierParty>
{charges}
<cac:TaxTotal>{amount("TaxAmount", tax)}{subtotals}</cac:TaxTotal>{second}
<cac:LegalMonetaryTotal>{amount("LineExtensionAmount", rows)}
{amount("TaxExclusiveAmount", untaxed)}{amount("TaxInclusiveAmount", total)}
{amount("PrepaidAmount", self.prepaid)}
{amount("PayableRoundingAmount", self.rounding)}{amount("PayableAmount", payable)}
</cac:LegalMonetaryTotal>{lines}</{kind}>""".encode()

    # -------------------------------------------------------------------------
    # CII
    # -------------------------------------------------------------------------

    def cii(self):
        rows, untaxed, tax, total, payable = self.totals

        def day(text):
            text = text.replace("-", "")
            return f'<udt:DateTimeString format="102">{text}</udt:DateTimeString>'

        def rate_of(rate):
            tag = "ram:RateApplicablePercent"
            return "" if rate is None else f"<{tag}>{rate}</{tag}>"

        def charge(value, reason, category=""):
            value = Decimal(value)
            return (
                "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator>"
                f"<udt:Indicator>{'true' if value > 0 else 'false'}</udt:Indicator>"
                f"</ram:ChargeIndicator><ram:ActualAmount>{abs(value)}"
                f"</ram:ActualAmount><ram:Reason>{escape(reason)}</ram:Reason>"
                f"{category}</ram:SpecifiedTradeAllowanceCharge>"
            )

        lines = "".join(
            "<ram:IncludedSupplyChainTradeLineItem>"
            "<ram:AssociatedDocumentLineDocument>"
            f"<ram:LineID>{row.number or n}</ram:LineID>"
            + (f"<ram:ParentLineID>{row.parent}</ram:ParentLineID>" * bool(row.parent))
            + (
                f"<ram:LineStatusReasonCode>{row.status}</ram:LineStatusReasonCode>"
                * bool(row.status)
            )
            + "</ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct>"
            f"<ram:SellerAssignedID>{row.sku}</ram:SellerAssignedID>"
            f"<ram:Name>{escape(row.name)}</ram:Name></ram:SpecifiedTradeProduct>"
            "<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>"
            f"<ram:ChargeAmount>{row.price}</ram:ChargeAmount>"
            + (f"<ram:BasisQuantity>{row.basis}</ram:BasisQuantity>" * bool(row.basis))
            + "</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>"
            "<ram:SpecifiedLineTradeDelivery>"
            f'<ram:BilledQuantity unitCode="{row.unit}">{row.quantity}'
            "</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>"
            "<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>"
            f"<ram:CategoryCode>{row.category}</ram:CategoryCode>{rate_of(row.rate)}"
            f"</ram:ApplicableTradeTax>{''.join(charge(*c) for c in row.charges)}"
            "<ram:SpecifiedTradeSettlementLineMonetarySummation>"
            f"<ram:LineTotalAmount>{row.amount}</ram:LineTotalAmount>"
            "</ram:SpecifiedTradeSettlementLineMonetarySummation>"
            "</ram:SpecifiedLineTradeSettlement>"
            "</ram:IncludedSupplyChainTradeLineItem>"
            for n, row in enumerate(self.rows, 1)
        )
        vats = "".join(
            f"<ram:ApplicableTradeTax><ram:CalculatedAmount>{vat}"
            f"</ram:CalculatedAmount><ram:BasisAmount>{basis}</ram:BasisAmount>"
            f"<ram:CategoryCode>{category}</ram:CategoryCode>{rate_of(rate)}"
            "</ram:ApplicableTradeTax>"
            for rate, category, basis, vat in self.vats
        )
        charges = "".join(
            charge(
                value,
                reason,
                "<ram:CategoryTradeTax><ram:CategoryCode>S</ram:CategoryCode>"
                f"{rate_of(rate)}</ram:CategoryTradeTax>",
            )
            for value, reason, rate in self.charges
        )
        tax_total = (
            f'<ram:TaxTotalAmount currencyID="{self.currency}">{tax}'
            "</ram:TaxTotalAmount>"
        )
        if self.tax_currency:
            tax_total = (
                f'<ram:TaxTotalAmount currencyID="{self.tax_currency}">{tax * 7}'
                f"</ram:TaxTotalAmount>{tax_total}"
            )
        due = ""
        if self.due:
            due = (
                "<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>"
                f"{day(self.due)}</ram:DueDateDateTime>"
                "</ram:SpecifiedTradePaymentTerms>"
            )
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice
 xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
<ram:ID>urn:cen.eu:en16931:2017</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>{self.number}</ram:ID>
<ram:TypeCode>{self.type_code}</ram:TypeCode>
<ram:IssueDateTime>{day(self.date)}</ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{lines}
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>
<ram:Name>{self.seller}</ram:Name>
<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{self.registry}</ram:ID>
</ram:SpecifiedLegalOrganization>
<ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
<ram:URIUniversalCommunication><ram:URIID schemeID="EM">{self.email}</ram:URIID>
</ram:URIUniversalCommunication>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{self.vat}</ram:ID>
</ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>{self.order}
</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
{self.extra}</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement>
<ram:InvoiceCurrencyCode>{self.currency}</ram:InvoiceCurrencyCode>
{vats}{charges}{due}
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:LineTotalAmount>{rows}</ram:LineTotalAmount>
<ram:TaxBasisTotalAmount>{untaxed}</ram:TaxBasisTotalAmount>{tax_total}
<ram:RoundingAmount>{self.rounding}</ram:RoundingAmount>
<ram:GrandTotalAmount>{total}</ram:GrandTotalAmount>
<ram:TotalPrepaidAmount>{self.prepaid}</ram:TotalPrepaidAmount>
<ram:DuePayableAmount>{payable}</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>""".encode()
