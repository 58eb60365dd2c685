# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Propose which open journal items settle each other. Plain Python, no ORM.

How to use
    ``propose(lines, policy)`` takes open lines (any accounts, any partners) and returns
    proposals, best rule first. A line is in at most one *automatic* proposal;
    suggestions never use a line that an automatic proposal took. Lines of two accounts,
    two partners or two currencies never meet; lines without partner are left alone.

How it works
    For each (account, partner, currency) the rules run in this order; each serves what
    the ones before have left:

    ============== ============================================== ==========
    linked         payment, reversal or credit note linked, = 0    automatic
    number         bill number in the label, exact amount          automatic
    numbers        several bills cited, exact amount; or several   automatic
                   payments that cite the same bill, together
    reference      same reference, sum zero                        automatic
    amount         exact amount, unique both sides, within 90 days automatic
    gap            as *number* or *linked*, small difference       policy
    subset         one payment = one subset, unique, n <= 8        automatic
    balance        running balance comes to zero                   suggestion
    fifo           first in, first out, partial                    suggestion
    ============== ============================================== ==========

>>> from decimal import Decimal as D
>>> lines = [Line(1, D(-123), number="FA123"), Line(2, D(-124), number="FA124"),
...          Line(3, D(247), label="VIR FA123 FA124")]
>>> [(p.rule, p.keys, p.automatic) for p in propose(lines, Policy())]
[('numbers', (1, 2, 3), True)]
"""

import datetime
import re
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any

RULES = (
    "linked",
    "number",
    "numbers",
    "reference",
    "amount",
    "gap",
    "subset",
    "balance",
    "fifo",
)
AUTOMATIC = frozenset(RULES[:7])
ZERO = Decimal(0)
# Longest run of words of a label that is read as one number ("FA 2026 - 0012").
NGRAM = 4
MINIMUM_NUMBER = 3
DATE = re.compile(r"(?<![\w])[0-3]?\d([/. -])[01]?\d\1(?:20)?\d\d(?![\w])")


@dataclass(frozen=True)
class Line:
    """An open journal item.

    balance: what is still open, signed (debit > 0).
    number: the number by which others cite it (for a vendor bill, the supplier's).
    numbers: every other number under which it is known (journal number, …).
    label: free text that may cite others (bank label, payment reference).
    reference: a reference that both sides may share (cheque, order).
    links: keys of the lines that the documents themselves link it to.
    doubtful: whose line it is was guessed, so that it is proposed, never lettered.
    """

    key: Any
    balance: Decimal
    account: Any = "401"
    partner: Any = "partner"
    currency: Any = "EUR"
    date: datetime.date | None = None
    number: str = ""
    numbers: tuple[str, ...] = ()
    label: str = ""
    reference: str = ""
    links: frozenset = frozenset()
    doubtful: bool = False


@dataclass(frozen=True)
class Policy:
    """rules: those that run. gap: the largest difference written off (0: never).

    days: between the two sides; ``days_of`` where a rule has a number of its own.
    """

    rules: frozenset = frozenset(RULES)
    gap: Decimal = ZERO
    days: int = 90
    days_of: dict[str, int] = field(default_factory=dict)
    subset_size: int = 8


@dataclass(frozen=True)
class Proposal:
    rule: str
    keys: tuple
    automatic: bool
    amount: Decimal = ZERO  # what is settled
    gap: Decimal = ZERO  # what would be written off, signed as the balances


def code(number):
    """Letters of the n-th lettering of an account and partner, from 1.

    >>> [code(n) for n in (1, 2, 26, 27, 28, 17576, 17577)]
    ['AAA', 'AAB', 'AAZ', 'ABA', 'ABB', 'ZZZ', 'AAAA']
    """
    if number < 1:
        raise ValueError("lettering codes start at 1")
    width, start = 3, 0
    while number - start > 26**width:
        start += 26**width
        width += 1
    rest = number - start - 1
    letters = []
    for __ in range(width):
        rest, digit = divmod(rest, 26)
        letters.append(chr(ord("A") + digit))
    return "".join(reversed(letters))


def squash(text):
    """
    >>> squash("fa 2026-001")
    'FA2026001'
    """
    return re.sub(r"[\W_]+", "", text or "").upper()


def cited(label):
    """Every number that a label could cite: runs of its words.

    >>> "FA123" in cited("VIR SEPA X FA123 FA124"), "A123" in cited("VIR FA123")
    (True, False)
    >>> "FA2026001" in cited("vir fa 2026-001")
    True

    The year of a date is not the bill 2026:

    >>> "2026" in cited("VIR DU 12/06/2026"), "2026" in cited("VIR FACTURE 2026")
    (False, True)
    """
    found = _runs(label)
    without = DATE.sub(" ", label or "")
    if without != label:
        found -= {run for run in found - _runs(without) if run.isdigit()}
    return found


def _runs(label):
    words = re.findall(r"[^\W_]+", (label or "").upper())
    found = set()
    for start in range(len(words)):
        run = ""
        for word in words[start : start + NGRAM]:
            run += word
            found.add(run)
    return found


def shape(number):
    """
    >>> shape("FA2026001")
    'FA0000000'
    """
    return re.sub(r"\d", "0", number)


def names_another(one, other):
    """Does the label of a line cite a bill, but not the other line?

    A second payment of FA123 must not settle FA200 because the amounts are equal.

    >>> bill = Line(1, Decimal(-50), number="FA200")
    >>> [names_another(Line(2, Decimal(50), label=text), bill)
    ...  for text in ("VIR FA123", "VIR FA200", "VIREMENT DU 12/06")]
    [True, False, False]
    """
    for payment, bill in ((one, other), (other, one)):
        numbers = {squash(text) for text in (bill.number, *bill.numbers) if text}
        shapes = {shape(n) for n in numbers if not n.isdigit()}
        words = cited(payment.label)
        if not words & numbers and any(shape(word) in shapes for word in words):
            return True
    return False


def cites_another(citations, one, other):
    """Does either of these lines cite an open line that is not the other one?

    >>> one, other = Line(1, Decimal(50)), Line(2, Decimal(-50))
    >>> cites_another({1: {3}}, one, other), cites_another({1: {2, 3}}, one, other)
    (True, False)
    """
    return any(
        line.key in citations and against.key not in citations[line.key]
        for line, against in ((one, other), (other, one))
    )


def propose(lines, policy):
    """See the module's docstring. Lines at zero are ignored.

    A line whose partner was guessed is only proposed:

    >>> [(p.rule, p.automatic) for p in propose(
    ...     [Line(1, Decimal(-5), number="FA12"),
    ...      Line(2, Decimal(5), label="VIR FA12", doubtful=True)], Policy())]
    [('number', False)]

    Two equal bills and a payment that cites neither: nobody can know.

    >>> two = [Line(1, Decimal(-50)), Line(2, Decimal(-50)), Line(3, Decimal(50))]
    >>> [(p.rule, p.automatic) for p in propose(two, Policy())]
    [('fifo', False)]

    What a label cites goes before an amount that happens to be right:

    >>> bills = [Line(1, Decimal(-123), number="FA123"),
    ...          Line(2, Decimal(-50), number="2026-7")]
    >>> [p.automatic for p in propose(
    ...     [*bills, Line(3, Decimal(50), label="ACOMPTE FA123")], Policy())]
    [False]

    Across partners, never:

    >>> propose([Line(1, Decimal(-5), partner="a"), Line(2, Decimal(5), partner="b")],
    ...         Policy())
    []
    """
    groups = defaultdict(list)
    for line in lines:
        if line.balance and line.partner is not None:
            groups[line.account, line.partner, line.currency].append(line)
    proposals = []
    for group in groups.values():
        proposals += _Group(group, policy).run()
    return proposals


class _Group:
    """Open lines of one account, partner and currency."""

    def __init__(self, lines, policy):
        self.policy = policy
        self.order = {line.key: n for n, line in enumerate(lines)}
        self.open = {line.key: line for line in lines}
        # How many open lines on each side: True is debit.
        self.sides = Counter(line.balance > 0 for line in lines)
        self.proposals = []
        self.citations = None

    def run(self):
        for rule in RULES:
            if rule in self.policy.rules and self.two_sided():
                getattr(self, f"rule_{rule}")()
        return self.proposals

    def two_sided(self):
        return bool(self.sides[True] and self.sides[False])

    def settle(self, rule, lines, gap=ZERO):
        lines = sorted(lines, key=lambda line: self.order[line.key])
        self.proposals.append(
            Proposal(
                rule=rule,
                keys=tuple(line.key for line in lines),
                automatic=rule in AUTOMATIC and not any(x.doubtful for x in lines),
                amount=sum((x.balance for x in lines if x.balance > 0), ZERO),
                gap=gap,
            )
        )
        for line in lines:
            del self.open[line.key]
            self.sides[line.balance > 0] -= 1

    # -- rules ---------------------------------------------------------------------

    def rule_linked(self):
        """Connected documents that sum to zero."""
        neighbours = defaultdict(set)
        for line in self.open.values():
            for other in line.links:
                if other in self.open and other != line.key:
                    neighbours[line.key].add(other)
                    neighbours[other].add(line.key)
        seen = set()
        for key in list(self.open):
            if key in seen or key not in neighbours:
                continue
            component, stack = set(), [key]
            while stack:
                current = stack.pop()
                if current not in component:
                    component.add(current)
                    stack.extend(neighbours[current] - component)
            seen |= component
            members = [self.open[k] for k in component]
            if not sum(line.balance for line in members):
                self.settle("linked", members)

    def _citations(self):
        """For each line that cites others: the open lines cited."""
        by_number = defaultdict(set)
        for line in self.open.values():
            for text in (line.number, *line.numbers):
                number = squash(text)
                if len(number) >= MINIMUM_NUMBER:
                    by_number[number].add(line.key)
        found = {}
        for line in self.open.values():
            keys = set(line.links)
            for number in cited(line.label):
                # A number that two open documents bear cites neither.
                if len(by_number.get(number, ())) == 1:
                    keys |= by_number[number]
            keys = {k for k in keys if k in self.open and k != line.key}
            if keys:
                found[line.key] = keys
        return found

    def _citations_once(self):
        """Citations when first asked for: a line settled since then stays cited."""
        if self.citations is None:
            self.citations = self._citations()
        return self.citations

    def rule_number(self):
        for key, keys in self._citations().items():
            if key not in self.open:
                continue
            exact = [
                self.open[k]
                for k in keys
                if k in self.open and self.open[k].balance == -self.open[key].balance
            ]
            if len(exact) == 1:
                self.settle("number", [self.open[key], exact[0]])

    def rule_numbers(self):
        for key, keys in self._citations().items():
            if key not in self.open:
                continue
            members = [self.open[k] for k in keys if k in self.open]
            if len(members) > 1 and not sum(
                (line.balance for line in members), self.open[key].balance
            ):
                self.settle("numbers", [self.open[key], *members])

        self._payments_of_one()

    def _payments_of_one(self):
        """A deposit and a balance: each cites this bill only; together they pay it."""
        payments = defaultdict(list)
        for key, keys in self._citations().items():
            if key in self.open and len(keys) == 1:
                payments[next(iter(keys))].append(self.open[key])
        for key, members in payments.items():
            if key not in self.open:
                continue
            members = [x for x in members if x.key in self.open]
            if len(members) > 1 and not sum(
                (line.balance for line in members), self.open[key].balance
            ):
                self.settle("numbers", [self.open[key], *members])

    def rule_reference(self):
        by_reference = defaultdict(list)
        for line in self.open.values():
            if len(reference := squash(line.reference)) >= MINIMUM_NUMBER:
                by_reference[reference].append(line)
        for members in by_reference.values():
            if len(members) > 1 and not sum(line.balance for line in members):
                self.settle("reference", members)

    def rule_amount(self):
        by_balance = defaultdict(list)
        for line in self.open.values():
            by_balance[line.balance].append(line)
        for balance, members in by_balance.items():
            others = by_balance.get(-balance, ())
            if balance > 0 and len(members) == len(others) == 1:
                one, other = members[0], others[0]
                if (
                    self.near("amount", one, other)
                    and not names_another(one, other)
                    and not cites_another(self._citations_once(), one, other)
                ):
                    self.settle("amount", [one, other])

    def near(self, rule, one, other):
        if not one.date or not other.date:
            return True
        days = self.policy.days_of.get(rule, self.policy.days)
        return abs((one.date - other.date).days) <= days

    def rule_gap(self):
        """A citation that misses by a few cents, where the policy says so."""
        if not self.policy.gap:
            return
        for key, keys in self._citations().items():
            if key not in self.open:
                continue
            members = [self.open[k] for k in keys if k in self.open]
            gap = sum((line.balance for line in members), self.open[key].balance)
            if members and gap and abs(gap) <= self.policy.gap:
                self.settle("gap", [self.open[key], *members], gap=gap)

    def rule_subset(self):
        """One line equals exactly one subset of the other side, among at most n."""
        size = self.policy.subset_size
        for key in list(self.open):
            if key not in self.open:
                continue
            line = self.open[key]
            if not 2 <= self.sides[line.balance < 0] <= size:
                continue
            others = [x for x in self.open.values() if x.balance * line.balance < 0]
            if any(
                x.balance == line.balance and x is not line for x in self.open.values()
            ):
                continue
            found = self.only_subset(line, others)
            if (
                found
                and len(found) > 1
                and all(self.near("subset", line, x) for x in found)
                and not any(names_another(line, x) for x in found)
                and self._citations_once().get(line.key, set())
                <= {x.key for x in found}
            ):
                self.settle("subset", [line, *found])

    @staticmethod
    def only_subset(line, others):
        """The lines that together settle `line`, if only one set of them does."""
        found = None
        for size in range(1, len(others) + 1):
            for subset in combinations(others, size):
                if not sum((x.balance for x in subset), line.balance):
                    if found is not None:
                        return None
                    found = subset
        return found

    def by_date(self):
        return sorted(
            self.open.values(),
            key=lambda line: (line.date or datetime.date.min, self.order[line.key]),
        )

    def rule_balance(self):
        """The oldest lines whose running balance comes back to zero."""
        run, total = [], ZERO
        for line in self.by_date():
            run.append(line)
            total += line.balance
            if not total:
                # Two lines only: the rules above have refused them; fifo may propose.
                if len(run) > 2:
                    self.settle("balance", run)
                run = []

    def rule_fifo(self):
        """The oldest payment on the oldest bills, the last one in part."""
        lines = self.by_date()
        waiting = {
            side: deque(x for x in lines if (x.balance > 0) == side)
            for side in (True, False)
        }
        for line in lines:
            if line.key not in self.open:
                continue
            # The smaller side pays: the line must be used up.
            others, taken, rest = waiting[line.balance < 0], [], abs(line.balance)
            while others and rest > 0:
                other = others.popleft()
                if other.key in self.open:
                    taken.append(other)
                    rest -= abs(other.balance)
            if taken:
                self.settle("fifo", [line, *taken])
