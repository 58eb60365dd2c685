from . import (
    test_template,
    test_template_supplier,
)
