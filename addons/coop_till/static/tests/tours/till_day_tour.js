import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

// A day at a till, as window.coopTillPlan says; see tests/test_distribution_day.py.

const row = (name, state = "") =>
    `.coop-till-row${state && `[data-state='${state}']`}:contains('${name}')`;
const line = (product) => `.coop-till-line:contains('${product}')`;
const click = (trigger) => ({ trigger, run: "click" });
const edit = (trigger, text) => ({ trigger, run: `edit ${text}` });
// The server answers two tills, on a machine that may be busy.
const atLast = (trigger) => ({ trigger, timeout: 60000 });
const padClosed = { trigger: "body:not(:has(.coop-pad-back))" };

/** On the pad: the first digit replaces what is there. */
const key = (text) => [
    ...[...text].map((digit) => click(`.coop-pad-keys .coop-key[aria-label='${digit}']`)),
    click(".coop-pad .btn-primary"),
    padClosed,
];

const find = ({ name }) => [edit(".coop-till-search input", name), { trigger: row(name) }];

const checkIn = ({ name }) => [
    click(`${row(name, "expected")} .coop-till-here`),
    atLast(row(name, "here")),
];

const open = ({ name }) => [
    click(`${row(name)} .coop-till-member`),
    atLast(`.coop-till-order h1:contains('${name}')`),
];

function fill({ cheese, gone, extra, amount }) {
    const steps = [];
    if (cheese) {
        steps.push(click(`${line("Comté")} .coop-quantity`), ...key(cheese));
    }
    if (gone) {
        steps.push(click(`${line(gone)} .btn:has(.fa-trash-o)`));
    }
    if (extra) {
        steps.push(
            click(".coop-till-order .btn:has(.fa-plus)"),
            {
                ...click(`.coop-extras-list .btn:contains('${extra.name}')`),
                timeout: 60000,
            },
            ...key(extra.more)
        );
    }
    return [...steps, atLast(`.coop-till-amount:contains('${amount}')`)];
}

function pay({ payments }) {
    const steps = [click(".coop-till-pay")];
    payments.forEach((payment, index) => {
        steps.push(click(`.coop-pay-kinds [data-kind='${payment.kind}']`));
        if (payment.amount) {
            steps.push(edit("#coop_amount", payment.amount));
        }
        if (payment.given) {
            steps.push(edit("#coop_given", payment.given));
        }
        if (payment.number) {
            steps.push(edit("#coop_number", payment.number));
        }
        if (index < payments.length - 1) {
            steps.push(click(".coop-pay-add"));
        }
    });
    return steps;
}

const served = ({ name }) => [
    atLast(row(name, "served")),
    edit(".coop-till-search input", " "),
];

/** The server's answer arrives on a tablet that is dead already. */
const loseAnswers = {
    trigger: ".coop-pay",
    run() {
        browser.XMLHttpRequest = class extends browser.XMLHttpRequest {
            send(body) {
                this.isServing = String(body).includes("coop_till_serve");
                super.send(body);
            }
            addEventListener(type, listener) {
                super.addEventListener(type, (ev) => {
                    if (this.isServing) {
                        document.body.classList.add("coop-answer-lost");
                    } else {
                        listener.call(this, ev);
                    }
                });
            }
        };
    },
};

const ACTIONS = {
    open_till: ({ float }) => [
        edit("#coop_float", float),
        click(".coop-till-open .btn-primary"),
        atLast(".coop-till-total"),
    ],
    serve: (member) => [
        ...find(member),
        ...checkIn(member),
        ...open(member),
        ...fill(member),
        ...pay(member),
        click(".coop-pay-confirm"),
        ...served(member),
    ],
    // Stops at the last tap: another till is quicker.
    hesitate: (member) => [
        ...find(member),
        ...open(member),
        ...fill(member),
        ...pay(member),
    ],
    be_too_late: ({ name }) => [
        click(".coop-pay-confirm"),
        { ...click(".o_dialog .modal-footer .btn-primary"), timeout: 60000 },
        atLast(".coop-till-order .alert-success"),
        { trigger: "body:not(:has(.coop-till-pay))" },
        click(".coop-till-head .btn:has(.fa-arrow-left)"),
        atLast(row(name, "served")),
        edit(".coop-till-search input", " "),
    ],
    crash_weighing: (member) => [...find(member), ...open(member), ...fill(member)],
    crash_paying: (member) => [
        ...find(member),
        ...open(member),
        ...fill(member),
        ...pay(member),
        loseAnswers,
        click(".coop-pay-confirm"),
        atLast(".coop-answer-lost"),
    ],
    see_served: (member) => [
        ...find(member),
        atLast(row(member.name, "served")),
        ...open(member),
        atLast(".coop-till-order .alert-success"),
        { trigger: "body:not(:has(.coop-till-pay))" },
        click(".coop-till-head .btn:has(.fa-arrow-left)"),
        edit(".coop-till-search input", " "),
    ],
    cash_up: ({ counts, card, left, envelope }) => [
        click(".coop-till-total"),
        ...Object.entries(counts).map(([value, count]) =>
            edit(`[id='coop_coin_${value}']`, count)
        ),
        {
            trigger: ".coop-count",
            async run({ click: tap }) {
                for (const box of document.querySelectorAll(".coop-check")) {
                    await tap(box);
                }
            },
        },
        ...(card ? [edit("#coop_card", card)] : []),
        edit("#coop_left", left),
        edit("#coop_envelope", envelope),
        edit("#coop_handed", "Le bureau"),
        { trigger: ".coop-till-column .alert-success" },
        click(".coop-close-till"),
        atLast(".o_form_view"),
    ],
};

registry.category("web_tour.tours").add("coop_till_day", {
    steps: () =>
        window.coopTillPlan.flatMap(([action, values]) => ACTIONS[action](values || {})),
});
