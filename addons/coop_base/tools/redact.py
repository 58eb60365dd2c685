# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Taking somebody's words out of a text."""

import re

MASK = "[…]"


def phone_pattern(phone):
    """Regular expression of a phone number in any spacing, or None.

    French numbers are found in their national and international forms.
    """
    digits = re.sub(r"\D", "", phone or "")
    if len(digits) < 6:
        return None
    national = re.sub(r"^(?:0033|33|0)(?=\d{9}$)", "", digits)
    gap = r"[\s.\-/()]*"
    prefix = r"(?:(?:\+|00)33" + gap + r"(?:\(0\))?" + gap + r"|0)?"
    if len(national) != 9:
        national, prefix = digits, r"\+?"
    return prefix + gap.join(national)


def redact(text, names=(), emails=(), phones=()):
    """``text`` without these names, e-mails and phone numbers.

    Names are taken out as whole words, whatever their case; a one-word name of less
    than four letters is left (it would eat ordinary words).

    >>> redact("Alice Martin <a.m@x.fr>, 06 12 34 56 78", ["Alice Martin"],
    ...        ["a.m@x.fr"], ["+33 6 12 34 56 78"])
    '[…] <[…]>, […]'
    >>> redact("Alicette", ["Alice"])
    'Alicette'
    >>> redact("", ["Alice"])
    ''
    """
    if not text:
        return text
    patterns = [re.escape(email) for email in emails if email]
    patterns += [pattern for phone in phones if (pattern := phone_pattern(phone))]
    patterns += [
        r"(?<!\w)" + re.escape(name) + r"(?!\w)"
        for name in names
        if name and (len(name) > 3 or " " in name)
    ]
    for pattern in patterns:
        text = re.sub(pattern, MASK, text, flags=re.IGNORECASE)
    return text
