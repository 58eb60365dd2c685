import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

import { SmallChart } from "@coop_reconciliation/small_chart/small_chart";

const MODEL = "coop.supplier.score";
const PERIODS = [3, 6, 12, 24];

/**
 * How suppliers deliver and bill: all of them in a list that sorts, or one of them as
 * four charts month by month beside the average of all.
 */
export class SupplierScore extends Component {
    static template = "coop_supplier_score.SupplierScore";
    static components = { SmallChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.periods = PERIODS;
        const context = this.props.action.context || {};
        const partner = context.active_model === "res.partner" && context.active_id;
        this.state = useState({
            months: 12,
            partner: this.props.action.params?.partner_id || partner || false,
            list: null,
            card: null,
            sort: "received_amount",
            descending: true,
        });
        onWillStart(() => this.load());
    }

    get columns() {
        return [
            { name: "name", label: _t("Supplier"), text: true },
            { name: "received_amount", label: _t("Received"), money: true },
            { name: "fill_rate", label: _t("Fill rate") },
            { name: "on_time_rate", label: _t("On time") },
            { name: "price_drift", label: _t("Price drift"), sign: true },
            { name: "price_gap", label: _t("Billed above the order"), sign: true },
            { name: "claim_count", label: _t("Claims"), count: true },
            { name: "claim_amount", label: _t("Claimed"), money: true },
        ];
    }

    get charts() {
        return [
            {
                name: "fill_rate",
                label: _t("Fill rate"),
                help: _t("Value received of what was due."),
                limit: 95,
                max: 100,
            },
            {
                name: "on_time_rate",
                label: _t("On time"),
                help: _t("Order lines that came on the planned day or before."),
                limit: 90,
                max: 100,
            },
            {
                name: "price_drift",
                label: _t("Price drift"),
                help: _t("Prices ordered against those of the order before."),
                limit: 2,
                sign: true,
            },
            {
                name: "claim_rate",
                label: _t("Claimed"),
                help: _t("Value claimed of what was received."),
                limit: 1,
                low: true,
            },
        ];
    }

    get rows() {
        const { list, sort, descending } = this.state;
        const way = descending ? -1 : 1;
        return list.suppliers.toSorted((a, b) => {
            if (sort === "name") {
                return way * a.name.localeCompare(b.name);
            }
            // Without a figure: at the end, whatever the order.
            if (a[sort] === null || b[sort] === null) {
                return (a[sort] === null) - (b[sort] === null);
            }
            return way * (a[sort] - b[sort]);
        });
    }

    async load() {
        const { partner, months } = this.state;
        if (partner) {
            const args = [partner, months];
            this.state.card = await this.orm.call(MODEL, "coop_score_card", args);
        } else {
            this.state.list = await this.orm.call(MODEL, "coop_score_list", [months]);
        }
    }

    async choosePeriod(months) {
        this.state.months = months;
        await this.load();
    }

    async choose(partner) {
        this.state.partner = partner;
        await this.load();
    }

    sortBy(name) {
        this.state.descending = this.state.sort === name ? !this.state.descending : true;
        this.state.sort = name;
    }

    /** The figures behind, as pivot and graph; the pivot is saved as a spreadsheet. */
    analyse() {
        const { partner } = this.state;
        this.action.doAction("coop_supplier_score.coop_supplier_score_action", {
            additionalContext: partner
                ? { search_default_partner_id: partner, search_default_last_year: 1 }
                : { search_default_last_year: 1 },
            viewType: "pivot",
        });
    }

    openPartner() {
        this.openRecord("res.partner", this.state.card.partner.id);
    }

    openRecord(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    points(chart) {
        const { series, all } = this.state.card;
        return series.map((month) => {
            const value = month[chart.name];
            const day = deserializeDate(month.month);
            const words = value === null ? _t("nothing") : this.percent(value, chart.sign);
            return {
                label: day.toFormat("LLL").slice(0, 4),
                value,
                reference: all[chart.name],
                title: `${day.toFormat("LLLL yyyy")} : ${words}`,
            };
        });
    }

    /** Better, worse or like the others, in words and not by colour alone. */
    compare(chart) {
        const mine = this.state.card.figures[chart.name];
        const all = this.state.card.all[chart.name];
        if (mine === null || all === null) {
            return { words: "", icon: "" };
        }
        const gap = mine - all;
        const words = _t("all suppliers: %s", this.percent(all, chart.sign));
        if (Math.abs(gap) < 0.05) {
            return { words, icon: "fa-minus text-muted" };
        }
        const good = chart.sign || chart.low ? gap < 0 : gap > 0;
        const way = gap > 0 ? "up" : "down";
        return { words, icon: `fa-arrow-${way} ${good ? "text-success" : "text-danger"}` };
    }

    percent(value, sign = false) {
        if (value === null || value === undefined) {
            return "–";
        }
        const text = formatFloat(value, { digits: [16, 1] });
        return `${sign && value > 0 ? "+" : ""}${text} %`;
    }

    cell(row, column) {
        const value = row[column.name];
        if (column.text) {
            return value;
        }
        if (column.money) {
            return value ? this.money(value) : "";
        }
        if (column.count) {
            return value ? String(value) : "";
        }
        return this.percent(value, column.sign);
    }

    money(amount, currencyId) {
        const currency = this.state.card?.currency_id || this.state.list?.currency_id;
        return formatMonetary(amount, { currencyId: currencyId || currency });
    }

    day(text) {
        return formatDate(deserializeDate(text));
    }
}

registry.category("actions").add("coop_supplier_score.supplier_score", SupplierScore);
