import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { TillCashUp } from "./till_cash_up";
import { TillList } from "./till_list";
import { TillOrder } from "./till_order";

const POLL = 15000;

/**
 * The screen of a distribution's day: who is expected, a member's basket, the till.
 *
 * The server decides everything (who may, what is due, what was paid already); two of
 * these screens open at once see each other's work every few seconds.
 */
export class Till extends Component {
    static template = "coop_till.Till";
    static components = { TillCashUp, TillList, TillOrder };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        const { params, context } = this.props.action;
        const id =
            params?.distribution_id ||
            (context?.active_model === "coop.distribution" && context.active_id) ||
            Number(browser.sessionStorage.getItem("coop_till_distribution"));
        this.state = useState({
            id,
            screen: "list",
            orderId: null,
            data: null,
            choices: [],
            float: "",
            offline: false,
            search: "",
            filter: "",
            ending: false,
            purse: null,
        });
        onWillStart(async () => {
            if (params?.distribution_id) {
                await this.choose(id);
                const purse = this.purses.find((row) => row.id === params.session_id);
                if (purse) {
                    this.countPurse(purse);
                }
            } else {
                await this.loadChoices();
            }
        });
        this.timer = browser.setInterval(() => this.poll(), POLL);
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    async loadChoices() {
        this.state.choices = await this.orm.searchRead(
            "coop.distribution",
            [
                ["can_run", "=", true],
                ["state", "in", ["prepared", "open", "counted"]],
            ],
            ["display_name", "state", "progress_text"],
            { order: "date_start" }
        );
        const known = this.state.choices.find((choice) => choice.id === this.state.id);
        if (known) {
            await this.choose(known.id);
        } else if (this.state.choices.length === 1) {
            await this.choose(this.state.choices[0].id);
        } else {
            this.state.data = null;
        }
    }

    async choose(id) {
        this.state.id = id;
        browser.sessionStorage.setItem("coop_till_distribution", id);
        await this.load();
    }

    async load() {
        const data = await this.orm.call("coop.distribution", "coop_till_load", [
            this.state.id,
        ]);
        this.state.data = data;
        this.state.float = String(data.suggested_float || "");
    }

    async poll() {
        const data = this.state.data;
        if (!data || browser.document?.hidden) {
            return;
        }
        try {
            const news = await this.orm.silent.call(
                "coop.distribution",
                "coop_till_poll",
                [this.state.id]
            );
            this.state.offline = false;
            for (const order of data.orders) {
                order.state = news.states[order.id] || order.state;
            }
            data.session = news.session;
            data.state = news.state;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.offline = true;
        }
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.data.currency_id });
    }

    async openTill() {
        const amount = Number(this.state.float.replace(",", ".")) || 0;
        await this.orm.call("coop.distribution", "coop_till_open", [
            this.state.id,
            amount,
        ]);
        await this.load();
    }

    /** Open purses of drivers who were paid at members' doors. */
    get purses() {
        return this.state.data.tills.filter(
            (till) => till.is_purse && till.state === "open"
        );
    }

    countPurse(purse) {
        this.show("cash");
        this.state.purse = purse;
    }

    show(screen, orderId = null) {
        this.state.purse = null;
        this.state.screen = screen;
        this.state.orderId = orderId;
    }

    async back() {
        if (this.state.screen === "list") {
            this.state.data = null;
            this.state.id = null;
            browser.sessionStorage.removeItem("coop_till_distribution");
            await this.loadChoices();
            if (this.state.data) {
                // A single distribution: back to where one came from.
                await this.action.doAction("coop_logistics.coop_distribution_action", {
                    clearBreadcrumbs: true,
                });
            }
        } else {
            this.show("list");
            await this.load();
        }
    }

    async checkIn(order) {
        const here = order.state !== "here";
        await this.orm.call("sale.order", "coop_till_check_in", [[order.id], here]);
        order.state = here ? "here" : "expected";
    }

    async onServed(text) {
        this.notification.add(text, { type: "success" });
        this.show("list");
        this.state.search = "";
        await this.load();
    }

    get awaited() {
        return this.state.data.orders.filter((order) =>
            ["expected", "here"].includes(order.state)
        ).length;
    }

    /** Two taps: the first one says who has not come. */
    async end() {
        if (!this.state.ending) {
            this.state.ending = true;
            return;
        }
        this.state.ending = false;
        await this.orm.call("coop.distribution", "action_count", [[this.state.id]]);
        this.notification.add(_t("Those who did not come are marked so."), {
            type: "success",
        });
        await this.load();
    }

    async countLeftovers() {
        await this.action.doAction({
            type: "ir.actions.client",
            tag: "coop_logistics.leftovers",
            params: { distribution_id: this.state.id },
        });
    }
}

registry.category("actions").add("coop_till.till", Till);
