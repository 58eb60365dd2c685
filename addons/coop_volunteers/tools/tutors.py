"""Who shows whom round: each newcomer of a shift beside somebody experienced."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """``done``: shifts attended so far; ``willing``: agreed to welcome newcomers."""

    key: object
    done: int
    willing: bool = False


def pair(people, needed=1):
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

    :param needed: shifts after which one is experienced
    """
    able = [person for person in people if person.done >= needed]
    able.sort(key=lambda person: (not person.willing, -person.done))
    new = [person for person in people if person.done < needed]
    if not able:
        return {}
    return {person.key: able[n % len(able)].key for n, person in enumerate(new)}
