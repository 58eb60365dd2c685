# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo import models
from odoo.tools import SQL, split_every

from ..tools.redact import redact

# Fields through which a record of ours is a person's own, or written by them.
OWN = ("member_id", "author_id")
# What a text that cannot be empty becomes.
EMPTY = "-"
# What accounting law keeps to the letter; what may be taken out of it is, before.
KEPT_TABLES = ("account_move", "account_move_line", "account_payment")
# Passing things: a row that names the person goes whole.
PASSING_TABLES = ("bus_bus", "ir_logging")
# Rows read at once.
BATCH = 500


class CoopPartnerSweep(models.AbstractModel):
    """What no step of the erasure knows of: texts of any add-on, in any table."""

    _name = "coop.partner.sweep"
    _description = "Contact: Sweep after an Erasure"

    # ------------------------------------------------------------------
    # Texts of the person's own records
    # ------------------------------------------------------------------

    def _coop_find_own_records(self):
        """``{model: records}`` of this suite that are the person's, or written by them.

        Of the registry: a new model needs to say nothing.
        """
        family, found = self._coop_erase_family(), {}
        for name, model in self.env.registry.items():
            if not name.startswith("coop.") or not model._auto or model._abstract:
                continue
            names = [
                key
                for key in OWN
                if (field := model._fields.get(key))
                and field.type == "many2one"
                and field.comodel_name == "res.partner"
                and field.store
            ]
            for key in names:
                # sudo: called with it; who erases need not read these.
                records = self.env[name].sudo().with_context(active_test=False)
                own = records.search([(key, "in", family.ids)])
                if own:
                    found[name] = found.get(name, own.browse()) | own
        return found

    def _coop_get_text_fields(self, records, computed=False):
        """The stored fields of these records that hold somebody's own words.

        :param computed: those that are made of them, too
        """
        return [
            field
            for field in records._fields.values()
            if field.type in ("char", "text", "html")
            and field.store
            and field.column_type
            and (computed or not field.compute)
            and not field.related
        ]

    def _coop_erase_texts(self, dry_run):
        """Reasons, notes, descriptions, answers: the words, not the figures."""
        count = 0
        for records in self._coop_find_own_records().values():
            fields = self._coop_get_text_fields(records, computed=True)
            written = records.filtered(
                lambda record, fields=fields: any(
                    record[field.name] and record[field.name] != EMPTY
                    for field in fields
                )
            )
            count += len(written)
            documents = self._coop_attachments(records._name, records.ids)
            messages = self.env["mail.message"].search(
                [("model", "=", records._name), ("res_id", "in", records.ids)]
            )
            count += len(documents) + len(messages)
            if dry_run:
                continue
            documents.unlink()
            messages.unlink()
            for field in fields:
                # Not by `write`: histories, notices and checks are about the living.
                empty = EMPTY if field.required else None
                if field.translate and empty:
                    empty = json.dumps({"en_US": empty})
                self.env.execute_query(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE id IN %s RETURNING id",
                        SQL.identifier(records._table),
                        SQL.identifier(field.name),
                        empty,
                        tuple(written.ids) or (None,),
                    )
                )
            records.invalidate_recordset()
        return [
            self._coop_erase_line(
                self.env._("Words, files and histories of the person's own records"),
                count,
                "delete",
            )
        ]

    # ------------------------------------------------------------------
    # Whatever is left
    # ------------------------------------------------------------------

    def _coop_sweep(self, words):
        """Take the person's words out of every table that still has them.

        :param words: ``_coop_erase_words()``, read before the card was emptied
        """
        # An erased account has a login that says nothing.
        words = {**words, "emails": [word for word in words["emails"] if "@" in word]}
        terms = [*words["emails"], *words["phones"]]
        terms += [name for name in words["names"] if " " in name.strip()]
        terms = [term for term in terms if len(term) > 5]
        if not terms:
            return
        self.env.flush_all()
        # Where the name stands alone it may be another's: only in full, and in words.
        patterns = ["%" + term.replace("%", r"\%") + "%" for term in terms]
        for table, columns in self._coop_find_text_columns().items():
            rows = self.env.execute_query(
                SQL(
                    "SELECT ctid::text FROM %s WHERE %s",
                    SQL.identifier(table),
                    SQL(" OR ").join(
                        SQL("%s::text ILIKE %s", SQL.identifier(name), pattern)
                        for name in columns
                        for pattern in patterns
                    ),
                )
            )
            for batch in split_every(BATCH, [ctid for (ctid,) in rows]):
                self._coop_sweep_rows(table, columns, batch, words)
        self.env.invalidate_all()

    def _coop_find_text_columns(self):
        """``{table: {column: type}}`` of all tables but those that the law keeps."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.table_name, c.column_name, c.data_type
                FROM information_schema.columns c
                JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE c.table_schema = current_schema()
                  AND t.table_type = 'BASE TABLE'
                  AND c.is_generated = 'NEVER'
                  AND c.data_type IN ('text', 'character varying', 'jsonb')
                  AND c.table_name <> ALL(%s)
                """,
                list(KEPT_TABLES),
            )
        )
        tables = {}
        for table, column, kind in rows:
            tables.setdefault(table, {})[column] = kind
        return tables

    def _coop_sweep_rows(self, table, columns, ctids, words):
        model = next(
            (m for m in self.env.registry.values() if m._table == table and m._auto),
            None,
        )
        if table in PASSING_TABLES or (model is not None and model._transient):
            self.env.execute_query(
                SQL(
                    "DELETE FROM %s WHERE ctid IN %s RETURNING 1",
                    SQL.identifier(table),
                    tuple(ctids),
                )
            )
            return
        names = list(columns)
        rows = self.env.execute_query(
            SQL(
                "SELECT ctid::text, %s FROM %s WHERE ctid IN %s",
                SQL(", ").join(SQL("%s::text", SQL.identifier(n)) for n in names),
                SQL.identifier(table),
                tuple(ctids),
            )
        )
        for ctid, *texts in rows:
            clean = {
                name: new
                for name, old in zip(names, texts, strict=True)
                if old and (new := redact(old, **words)) != old
            }
            if clean:
                self.env.execute_query(
                    SQL(
                        "UPDATE %s SET %s WHERE ctid = %s RETURNING 1",
                        SQL.identifier(table),
                        SQL(", ").join(
                            SQL(
                                "%s = %s::%s",
                                SQL.identifier(name),
                                text,
                                SQL("jsonb" if columns[name] == "jsonb" else "text"),
                            )
                            for name, text in clean.items()
                        ),
                        ctid,
                    )
                )
