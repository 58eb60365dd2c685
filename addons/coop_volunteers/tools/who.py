# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A member by name and day of birth: who says both is known, nobody is looked up."""

import re
import unicodedata

MARK = "@"
# A leap year, so that 29 February is a day.
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def words(name):
    """The words of a name, without accents nor case.

    >>> sorted(words("Jean-Marie  LE GOFF née d'Été"))
    ['d', 'ete', 'goff', 'jean', 'le', 'marie', 'nee']
    """
    plain = unicodedata.normalize("NFKD", (name or "").lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return frozenset(re.findall(r"[^\W\d_]+", plain))


def parse_birthday(text):
    """``MM-DD`` of a day and a month, however they are separated; else None.

    >>> [parse_birthday(text) for text in ("12/03", "2 11", "29.02", "1203", "31/04")]
    ['03-12', '11-02', '02-29', '03-12', None]
    >>> [parse_birthday(text) for text in ("", "12", "12/03/1984", "a/b")]
    [None, None, None, None]
    """
    text = (text or "").strip()
    found = re.fullmatch(r"(\d{1,2})\D+(\d{1,2})", text) or re.fullmatch(
        r"(\d{2})(\d{2})", text
    )
    if not found:
        return None
    day, month = int(found[1]), int(found[2])
    if not 1 <= month <= 12 or not 1 <= day <= _LENGTHS[month - 1]:
        return None
    return f"{month:02d}-{day:02d}"


def parse_claim(code):
    """(words, ``MM-DD``) of what a kiosk sends, ``@name@DDMM``; None for a number.

    >>> name, day = parse_claim("@Le Goff@1203")
    >>> sorted(name), day
    (['goff', 'le'], '03-12')
    >>> parse_claim("0042") is None, parse_claim("@x@1203") is None
    (True, True)
    """
    parts = (code or "").split(MARK)
    if len(parts) != 3 or parts[0] or len(code) > 100:
        return None
    name, day = words(parts[1]), parse_birthday(parts[2])
    # One letter is not a name.
    if not day or not any(len(word) > 1 for word in name):
        return None
    return name, day


def match(claimed, names):
    """The one key whose name has all the claimed words, whole; None if not just one.

    A part of a word finds nobody, and of two people the claim of both names none:

    >>> names = {1: "Anne Le Goff", 2: "Jean LE GOFF", 3: "Anne Martin"}
    >>> match(words("le goff jean"), names), match(words("Martin"), names)
    (2, 3)
    >>> match(words("le goff"), names), match(words("Mart"), names)
    (None, None)

    :param names: ``{key: name}`` of those born that day
    """
    found = [key for key, name in names.items() if claimed <= words(name)]
    return found[0] if len(found) == 1 else None
