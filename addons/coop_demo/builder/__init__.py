# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo cooperative, built by walking the chain as the people who do.

The months are those before and around the day on which it is built. The same day gives
the same cooperative: chance has a fixed seed.
"""

from .steps import STEPS, build, run_step
