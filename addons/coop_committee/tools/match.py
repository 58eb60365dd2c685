# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""To whom? A committee is guessed by the words that a request shares with it.

No learning: rare words weigh more than common ones, and the words that decided are
given back, so that anybody can see why.
"""

import math
import re
import unicodedata
from dataclasses import dataclass

# Words that say nothing of the subject, in French and English, without accents.
_EMPTY = """
    alors apres au aucun aussi autre aux avant avec avoir bien bonjour car ce cela
    ces cet cette chez comme comment dans de depuis des deux devant doit donc du
    elle elles en encore entre est et etait ete etre eux fait faire faut fois font
    hier ici il ils je jour la le les leur leurs lors lui ma mais me meme merci mes
    moi moins mon ne nos notre nous on ont ou par pas peu peut plus pour pourquoi
    pouvez quand que quel quelle quelqu qui quoi sa sans se ses si son sont sous sur
    ta tes toi ton tous tout toute tres tu un une va vers voici voila vos votre vous
    the and for are was with that this from have has not but you your our they them
    what when where who why how can could should there here please hello thank
    thanks into about committee comite groupe chose toujours jamais matin soir
    aujourd probleme souci
"""
EMPTY = frozenset(_EMPTY.split())


@dataclass(frozen=True)
class Match:
    """The best candidate: its key, and the words of the text that decided."""

    key: object
    words: tuple
    score: float


def words_of(text):
    """``{stem: the word as written}`` of a text, without empty words.

    >>> words_of("Les frigos sont trop chauds, le frigo fuit !")
    {'frigo': 'frigos', 'trop': 'trop', 'chaud': 'chauds', 'fuit': 'fuit'}
    """
    result = {}
    for word in re.findall(r"[^\W\d_]{3,}", text or ""):
        plain = unicodedata.normalize("NFKD", word.lower())
        plain = "".join(c for c in plain if not unicodedata.combining(c))
        if plain in EMPTY:
            continue
        result.setdefault(_stem(plain), word)
    return result


def _stem(word):
    """Plural and feminine away: enough to bring *factures* and *facture* together."""
    for ending in ("eaux", "aux", "es", "s", "x", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + {"eaux": "eau", "aux": "al"}.get(ending, "")
    return word


def best_match(text, candidates):
    """The candidate that shares the most telling words with a text, or None.

    :param candidates: ``{key: text}``
    :return: :class:`Match`

    >>> committees = {
    ...     1: "Froid et bâtiment : frigos, chambre froide, portes, réparations",
    ...     2: "Communication : affiches, lettre, réseaux sociaux",
    ... }
    >>> best_match("La porte de la chambre froide ne ferme plus", committees)
    Match(key=1, words=('porte', 'chambre', 'froide'), score=2.94)
    >>> best_match("Rien à voir", committees) is None
    True
    """
    asked = words_of(text)
    stems = {key: set(words_of(content)) for key, content in candidates.items()}
    best = None
    for key in candidates:
        shared = [stem for stem in asked if stem in stems[key]]
        score = sum(
            math.log(1 + len(stems) / sum(stem in other for other in stems.values()))
            for stem in shared
        )
        # A small committee whose every word fits is a better guess than a wordy one.
        score = round(score / (1 + len(stems[key]) / 50), 2)
        if shared and (best is None or score > best.score):
            best = Match(key, tuple(asked[stem] for stem in shared), score)
    return best
