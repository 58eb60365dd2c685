# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.coop_base.tools.localtime import to_local


class CoopShiftGeneration(models.AbstractModel):
    """A shift made ahead: its fixed members, and what it gives to those that follow."""

    _name = "coop.shift.generation"
    _description = "Shift: Fixed Members"

    def _make_fixed_registrations(self):
        """Book the fixed members of these shifts: first where seats are for anybody,
        then where they are kept for some; newcomers beside a tutor last.

        :return: how many were booked where seats are for anybody
        """
        planned = self.filtered(lambda s: s.state == "planned" and s.template_id)
        count = planned._insert_fixed_registrations() if planned else 0
        planned._make_fixed_reserved()
        if count:
            planned._sync_pairs()
            planned._place_newcomers()
        return count

    def _insert_fixed_registrations(self):
        """In one statement for all of these shifts.

        Left out: who is on leave or exempted that day, who left or is unsubscribed, and
        who already has a line on the shift, whatever its state. Where somebody else
        has taken the seat meanwhile, the first fixed members by seniority get what is
        left: never over capacity.
        """
        self.env.flush_all()
        created = self.env.execute_query(
            SQL(
                """
    WITH free AS (
        SELECT s.id AS shift_id, st.role_id, s.company_id, s.start_at, s.end_at,
               s.date, s.template_id,
               st.seats_max - COALESCE((
                   SELECT count(*) FROM coop_shift_registration r
                   WHERE r.shift_id = s.id
                     AND r.role_id IS NOT DISTINCT FROM st.role_id
                     AND (r.state IN ('booked', 'present', 'late')
                          OR (r.state = 'waiting' AND r.offered_until > %(now)s))
               ), 0) - CASE WHEN st.reserved_opens_at > %(now)s THEN GREATEST(
                   st.reserved_count - (
                       SELECT count(*) FROM coop_shift_registration r
                       WHERE r.shift_id = s.id AND r.is_reserved
                         AND r.role_id IS NOT DISTINCT FROM st.role_id
                   ), 0) ELSE 0 END AS seats
        FROM coop_shift s JOIN coop_shift_seat st ON st.shift_id = s.id
        WHERE s.id IN %(ids)s
    ), wanted AS (
        SELECT free.*, f.member_id, row_number() OVER (
            PARTITION BY free.shift_id, free.role_id ORDER BY f.date_from, f.id
        ) AS rank
        FROM free
        JOIN coop_shift_template_fixed f
          ON f.template_id = free.template_id
         AND f.role_id IS NOT DISTINCT FROM free.role_id
         AND f.date_from <= free.date
         AND (f.date_to IS NULL OR free.date <= f.date_to)
        JOIN res_partner p ON p.id = f.member_id
        WHERE p.active AND p.coop_is_active
          AND (p.coop_left_on IS NULL OR p.coop_left_on > free.date)
          AND p.volunteer_status IS DISTINCT FROM 'unsubscribed'
          AND NOT EXISTS (
              SELECT FROM coop_member_leave l
              WHERE l.member_id = f.member_id AND l.state = 'granted'
                AND l.date_from <= free.date
                AND (l.date_to IS NULL OR free.date <= l.date_to))
          AND NOT EXISTS (
              SELECT FROM coop_shift_registration r
              WHERE r.shift_id = free.shift_id AND r.member_id = f.member_id)
    )
    INSERT INTO coop_shift_registration (
        shift_id, member_id, role_id, company_id, start_at, end_at, state, kind,
        came_from, create_uid, create_date, write_uid, write_date)
    SELECT shift_id, member_id, role_id, company_id, start_at, end_at, 'booked',
           'fixed', 'template', %(uid)s, %(now)s, %(uid)s, %(now)s
    FROM wanted WHERE rank <= seats
    ON CONFLICT DO NOTHING
    RETURNING id
                """,
                ids=tuple(self.ids),
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_recordset(["registration_ids"])
        self.seat_ids.invalidate_recordset(["taken_count"])
        self.env["res.partner"].invalidate_model(["shift_registration_ids"])
        return len(created)

    def _local_day(self):
        self.ensure_one()
        return to_local(self.start_at, self.company_id.coop_tz).date()

    def action_apply_following(self):
        """This shift's hours, place, referent and note become those to come, too."""
        self.ensure_one()
        self.check_access("write")
        zone = self.company_id.coop_tz
        start, end = to_local(self.start_at, zone), to_local(self.end_at, zone)
        template = self.template_id
        values = {
            "weekday": str(start.weekday()),
            "start_hour": start.hour + start.minute / 60,
            "duration": (
                end.replace(tzinfo=None) - start.replace(tzinfo=None)
            ).total_seconds()
            / 3600,
            "collection_point_id": self.collection_point_id.id,
            "referent_id": self.referent_id.id,
            "name": self.name,
            "note": self.note,
        }
        day = self.template_day
        self.write({"is_changed": False})
        template._update_following(day, values)
        return True
