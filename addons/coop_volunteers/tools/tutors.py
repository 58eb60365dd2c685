# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who shows whom round: each newcomer of a shift beside somebody experienced."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """``done``: shifts attended so far; ``willing``: agreed to welcome newcomers."""

    key: object
    done: int
    willing: bool = False


def pair(people, needed=1, busy=None):
    """``{newcomer's key: tutor's key}``; nobody is in it where nobody is experienced.

    Who agreed to welcome comes first, then who knows most; nobody gets a second
    newcomer before each of those as good has one:

    >>> anne, luc = Person("Anne", 30), Person("Luc", 4, willing=True)
    >>> new = [Person("Zoé", 0), Person("Ali", 0), Person("Eve", 0)]
    >>> pair([anne, luc, new[0]])
    {'Zoé': 'Luc'}
    >>> pair([anne, luc, *new])
    {'Zoé': 'Luc', 'Ali': 'Anne', 'Eve': 'Luc'}
    >>> pair(new)
    {}

    Whoever already has a newcomer comes after the others:

    >>> pair([anne, luc, new[0]], busy={"Luc": 1})
    {'Zoé': 'Anne'}

    :param needed: shifts after which one is experienced
    :param busy: ``{key: newcomers they already have}``
    """
    able = [person for person in people if person.done >= needed]
    able.sort(key=lambda person: (not person.willing, -person.done))
    new = [person for person in people if person.done < needed]
    if not able:
        return {}
    load = {person.key: (busy or {}).get(person.key, 0) for person in able}
    found = {}
    for newcomer in new:
        # The first of those who have the fewest, in the order above.
        tutor = min(able, key=lambda person: load[person.key])
        load[tutor.key] += 1
        found[newcomer.key] = tutor.key
    return found
