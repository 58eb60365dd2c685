#!/bin/bash
# Run once by the official image, when the cluster is made: Odoo's role may create
# databases, and is no superuser.
set -euo pipefail
password_file="${ODOO_PASSWORD_FILE:-/run/secrets/db_password}"
if [ ! -s "$password_file" ]; then
    echo "The secret db_password is missing or empty: run secrets/generate.sh." >&2
    exit 1
fi
# By standard input: a command line can be read by others.
psql -v ON_ERROR_STOP=1 -q -U "${POSTGRES_USER:-postgres}" -d postgres <<SQL
\\set password \`cat '$password_file'\`
CREATE ROLE ${ODOO_ROLE:-odoo} LOGIN CREATEDB PASSWORD :'password';
SQL
