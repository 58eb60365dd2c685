from . import test_bank_files
from . import test_bank_lettering
from . import test_bank_menus
from . import test_bank_screen
from . import test_bank_tools
from . import test_bank_tour
