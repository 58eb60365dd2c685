from . import test_upgrade_mails
