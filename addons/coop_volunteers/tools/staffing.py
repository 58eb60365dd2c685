# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Will enough people come? From who is expected and how often each of them comes.

People come or not independently of one another. Who is new is taken to come as most
people do; what somebody did says more the more often it happened.
"""

# Before anything is known of somebody: nine times in ten, worth ten shifts.
PRIOR_CAME, PRIOR_MISSED = 9, 1


def presence_rate(came, missed):
    """How likely somebody is to come, after so many presences and absences.

    >>> presence_rate(0, 0), presence_rate(10, 0), presence_rate(0, 10)
    (0.9, 0.95, 0.45)
    """
    came, total = came + PRIOR_CAME, came + missed + PRIOR_CAME + PRIOR_MISSED
    return came / total


def distribution(rates):
    """How likely it is that 0, 1, 2… of these people come.

    >>> distribution([0.5, 0.5])
    [0.25, 0.5, 0.25]
    >>> distribution([])
    [1.0]
    """
    found = [1.0]
    for rate in rates:
        found = [
            (found[n] * (1 - rate) if n < len(found) else 0.0)
            + (found[n - 1] * rate if n else 0.0)
            for n in range(len(found) + 1)
        ]
    return found


def risk(rates, needed):
    """How likely it is that fewer than the needed come.

    >>> risk([0.9, 0.9], 2), risk([0.9, 0.9], 1), risk([0.9], 2), risk([], 0)
    (0.19, 0.01, 1.0, 0.0)
    """
    fewer = sum(distribution(rates)[: max(needed, 0)], 0.0)
    return round(min(fewer, 1.0), 6)


def shortfall(rates, needed):
    """How many people are missing on average, of those needed.

    >>> shortfall([0.9, 0.9], 2), shortfall([0.9, 0.9], 1), shortfall([], 2)
    (0.2, 0.01, 2.0)
    """
    chances = distribution(rates)[: max(needed, 0)]
    missing = sum((needed - came) * chance for came, chance in enumerate(chances))
    return round(max(missing, 0.0), 6)
