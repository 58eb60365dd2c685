import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate } from "@web/core/l10n/dates";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

import { SmallChart } from "../small_chart/small_chart";

/** What passes by itself, what waits and since when, what is to be credited. */
export class MatchDashboard extends Component {
    static template = "coop_reconciliation.MatchDashboard";
    static components = { SmallChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.periods = [4, 12, 26];
        this.state = useState({ weeks: 12, data: null });
        onWillStart(() => this.load());
    }

    async load() {
        const args = [this.state.weeks];
        this.state.data = await this.orm.call("account.move", "coop_match_dashboard", args);
    }

    async choosePeriod(weeks) {
        this.state.weeks = weeks;
        await this.load();
    }

    get rate() {
        const { total, touchless } = this.state.data;
        return total ? `${Math.round((100 * touchless) / total)} %` : "–";
    }

    get points() {
        return this.state.data.weeks.map(({ week, total, touchless }) => {
            const day = deserializeDate(week).toFormat("dd/MM");
            return {
                label: day,
                value: total ? (100 * touchless) / total : null,
                title: _t("Week of %(day)s: %(touchless)s of %(total)s", {
                    day,
                    touchless,
                    total,
                }),
            };
        });
    }

    get ages() {
        return this.state.data.ages.map((age) => ({
            ...age,
            name:
                age.end === null
                    ? _t("More than %s days", age.start - 1)
                    : _t("%(start)s to %(end)s days", age),
        }));
    }

    width(rows, row) {
        const most = Math.max(...rows.map(({ count }) => count), 1);
        return Math.round((100 * row.count) / most);
    }

    openWork() {
        this.action.doAction("coop_reconciliation.account_move_work_action");
    }

    openCredits() {
        this.action.doAction("coop_reconciliation.coop_expected_credit_action");
    }

    openExceptions(name, domain) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "coop.bill.exception",
            views: [
                [false, "list"],
                [false, "pivot"],
            ],
            domain: [["state", "=", "open"], ...domain],
        });
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.data.currency_id });
    }

    number(value) {
        return formatFloat(value, { digits: [16, 1] });
    }
}

registry.category("actions").add("coop_reconciliation.match_dashboard", MatchDashboard);
