import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

// A payment may end while the till is being counted.
const POLL = 5000;
const NOTES = [200, 100, 50, 20, 10, 5];
const COINS = [2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
const toNumber = (text) => Number(String(text).replace(",", ".")) || 0;
const round = (amount) => Math.round(amount * 100) / 100;

/** Counting the till: notes and coins, the pile of cheques, the card slips. */
export class TillCashUp extends Component {
    static template = "coop_till.TillCashUp";
    static props = {
        data: Object,
        session: [Object, { value: false }],
        money: Function,
        onBack: Function,
        onPurse: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.notes = NOTES;
        this.coins = COINS;
        const session = this.props.session || null;
        this.state = useState({
            session,
            counts: Object.fromEntries([...NOTES, ...COINS].map((value) => [value, 0])),
            cheques: [],
            seen: {},
            card: "",
            left: String(session?.float || 0).replace(".", localization.decimalPoint || ","),
            reason: "",
            envelope: "",
            handedTo: "",
            busy: false,
        });
        onWillStart(() => this.load());
        this.timer = browser.setInterval(() => this.poll(), POLL);
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    async load() {
        if (!this.state.session) {
            return;
        }
        // Not what the list knew: a payment may have ended since.
        const [session, cheques] = await Promise.all([
            this.orm.silent.call("coop.cash.session", "coop_till_session", [
                [this.state.session.id],
            ]),
            this.orm.silent.call("coop.cash.session", "coop_till_cheques", [
                [this.state.session.id],
            ]),
        ]);
        this.state.session = session;
        this.state.cheques = cheques;
    }

    async poll() {
        if (!this.state.session || this.state.busy || browser.document?.hidden) {
            return;
        }
        try {
            await this.load();
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }

    get others() {
        const own = this.state.session?.id;
        return this.props.data.tills.filter((till) => till.id !== own);
    }

    get cash() {
        return round(
            Object.entries(this.state.counts).reduce(
                (sum, [value, count]) => sum + Number(value) * (Number(count) || 0),
                0
            )
        );
    }

    get cheque() {
        return round(
            this.state.cheques
                .filter((cheque) => this.state.seen[cheque.id])
                .reduce((sum, cheque) => sum + cheque.amount, 0)
        );
    }

    get card() {
        return round(toNumber(this.state.card));
    }

    get differences() {
        const session = this.state.session;
        return [
            [_t("Cash"), round(this.cash - session.expected_cash)],
            [_t("Cheques"), round(this.cheque - session.cheque)],
            [_t("Cards"), round(this.card - session.card)],
        ];
    }

    get isRight() {
        return this.differences.every(([, value]) => !value);
    }

    /** The difference in words. */
    get words() {
        return this.differences
            .filter(([, value]) => value)
            .map(([label, value]) =>
                value < 0
                    ? _t("%(label)s: %(amount)s missing.", {
                          label,
                          amount: this.props.money(-value),
                      })
                    : _t("%(label)s: %(amount)s too much.", {
                          label,
                          amount: this.props.money(value),
                      })
            )
            .join(" ");
    }

    add(value, sign) {
        const count = Math.max((Number(this.state.counts[value]) || 0) + sign, 0);
        this.state.counts[value] = count;
    }

    async close() {
        this.state.busy = true;
        try {
            const session = this.state.session;
            await this.orm.call("coop.cash.session", "close_with_count", [
                [session.id],
                {
                    counts: this.state.counts,
                    cheque: this.cheque,
                    card: this.card,
                    float_left: toNumber(this.state.left),
                    reason: this.state.reason,
                    envelope: this.state.envelope,
                    handed_to: this.state.handedTo,
                },
            ]);
            this.notification.add(_t("The till is closed. Print its sheet."), {
                type: "success",
            });
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "coop.cash.session",
                res_id: session.id,
                views: [[false, "form"]],
            });
        } finally {
            this.state.busy = false;
        }
    }
}
