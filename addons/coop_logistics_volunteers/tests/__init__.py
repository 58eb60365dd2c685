from . import test_distribution_volunteers
