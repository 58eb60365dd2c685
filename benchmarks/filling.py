"""Fill a database with many documents: some made by Odoo, copied by SQL."""

# Run inside Odoo's shell, where `env` is.
COPY = '''
COPIED = (
    "purchase_order", "purchase_order_line", "stock_picking", "stock_move",
    "stock_move_line", "account_move", "account_move_line",
)
# What must differ, or is cited by another document.
NAMES = {
    "purchase_order": ("name",),
    "stock_picking": ("name",),
    "account_move": ("name", "ref", "invoice_origin", "payment_reference"),
    "account_move_line": ("name", "ref", "move_name"),
}


def present():
    return [table for table in COPIED if sql("SELECT to_regclass(%s)", table)[0][0]]


def sql(query, *values):
    env.cr.execute(query, values)
    return env.cr.fetchall() if env.cr.description else []


def columns_of(table):
    rows = sql(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        f'"{table}"',
    )
    return [row[0] for row in rows]


def floors():
    "The last row of each table, before what will be copied is made."
    env.flush_all()
    return {
        table: sql(f"SELECT COALESCE(MAX(id), 0) FROM {table}")[0][0]
        for table in present()
    }


def multiply(times, floor):
    """Copy `times` times every row made since `floor`; returns the step of the ids:
    the k-th copy of row i is i + k * step."""
    env.flush_all()
    step = {
        table: sql(f"SELECT COALESCE(MAX(id), 0) FROM {table}")[0][0] - low
        for table, low in floor.items()
    }
    links = sql("""
        SELECT origin.relname, col.attname, target.relname
          FROM pg_constraint con
          JOIN pg_class origin ON origin.oid = con.conrelid
          JOIN pg_class target ON target.oid = con.confrelid
          JOIN pg_attribute col
            ON col.attrelid = con.conrelid AND col.attnum = con.conkey[1]
         WHERE con.contype = 'f' AND target.relname = ANY(%s)
    """, list(floor))
    shifted = {(table, column): target for table, column, target in links}
    tables = list(floor)
    for table in sorted({table for table, *__ in links} - set(floor)):
        columns = columns_of(table)
        # The tables of many2many fields, and those only.
        if "id" not in columns and len(columns) == 2:
            tables.append(table)
    for table in tables:
        columns = columns_of(table)
        values, ours = [], []
        for column in columns:
            target = table if column == "id" else shifted.get((table, column))
            value = f'row."{column}"'
            if target and step[target]:
                value = (
                    f"CASE WHEN {value} > {floor[target]}"
                    f" THEN {value} + k * {step[target]} ELSE {value} END"
                )
                ours.append(f'row."{column}" > {floor[target]}')
            elif column in NAMES.get(table, ()):
                value = f"{value} || to_char(k, 'FM0000')"
            values.append(value)
        if not ours:
            continue
        mine = f"row.id > {floor[table]}" if "id" in columns else " OR ".join(ours)
        names = ", ".join(f'"{column}"' for column in columns)
        sql(
            f'INSERT INTO "{table}" ({names})'
            f' SELECT {", ".join(values)} FROM "{table}" row,'
            f" generate_series(1, {times}) k WHERE {mine}"
        )
        if "id" in columns:
            sql(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")
    env.invalidate_all()
    return step
'''
