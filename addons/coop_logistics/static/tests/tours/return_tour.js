import { registry } from "@web/core/registry";

const click = (trigger) => ({ trigger, run: "click" });
const atLast = (trigger) => ({ trigger, timeout: 60000 });
const key = (text) => [
    ...[...text].map((digit) => click(`.coop-pad-keys .coop-key[aria-label='${digit}']`)),
    click(".coop-pad .btn-primary"),
    { trigger: "body:not(:has(.coop-pad-back))" },
];
const line = (product) => `.coop-till-line:contains('${product}')`;
const row = (label) => `.coop-till-payment:contains('${label}')`;
const open = (name) => [
    atLast(`.coop-till-row:contains('${name}')`),
    click(`.coop-till-row:contains('${name}') .coop-till-member`),
    atLast(`.coop-till-order h1:contains('${name}')`),
];
const giveBack = (product, reason, button) => [
    click(`${line(product)} .coop-return`),
    ...key("1"),
    { trigger: `${line(product)} form input.form-control`, run: `edit ${reason}` },
    click(`${line(product)} form .btn:contains('${button}')`),
];

// Eggs come back broken: money back, then it was the wrong member; then as a credit.
registry.category("web_tour.tours").add("coop_logistics_return", {
    steps: () => [
        ...open("Alice"),
        ...giveBack("Œufs", "Cassés", "Rendre l'argent"),
        atLast(row("Espèces rendues")),
        atLast(`${line("Œufs")} .coop-quantity:contains('2')`),
        click(`${row("Cassés")} .btn:contains('Annuler')`),
        {
            trigger: `${row("Cassés")} form input`,
            run: "edit Pas le bon membre",
        },
        click(`${row("Cassés")} form .btn-warning`),
        atLast(`${row("Cassés")}:contains('Pas le bon membre')`),
        atLast(`${line("Œufs")} .coop-quantity:contains('3')`),
        ...giveBack("Œufs", "Fêlés", "Garder en avoir"),
        atLast(row("Fêlés")),
        click(".coop-receipt-mail"),
        atLast(".o_notification:contains('coop_member@')"),
        click(".coop-till-head .btn:has(.fa-arrow-left)"),
        atLast(".coop-till-row"),
    ],
});

// A basket to bring home is weighed and closed; the driver's purse is counted.
registry.category("web_tour.tours").add("coop_logistics_home_ready", {
    steps: () => [
        atLast(".coop-till-row:contains('Alice'):has(.fa-truck)"),
        ...open("Alice"),
        click(`${line("Comté")} .coop-quantity`),
        ...key("437"),
        atLast(".coop-till-amount:contains('16,37')"),
        click(".coop-till-ready"),
        atLast(".coop-till-row:contains('Alice'):contains('Prêt')"),
        click(".coop-till-purse:contains('Bruno')"),
        atLast("h1:contains('Bruno')"),
        { trigger: "[id='coop_coin_10']", run: "edit 1" },
        { trigger: "[id='coop_coin_5']", run: "edit 1" },
        { trigger: "[id='coop_coin_0.5']", run: "edit 1" },
        { trigger: "[id='coop_coin_0.2']", run: "edit 1" },
        { trigger: ".coop-till-column .alert-success" },
        click(".coop-close-till"),
        atLast(".o_form_view"),
    ],
});

// Wheels of comté are weighed one by one when they arrive.
registry.category("web_tour.tours").add("coop_logistics_blocks", {
    steps: () => [
        click(".coop-delivery:contains('Laiterie')"),
        atLast(".coop-count-line:contains('Comté')"),
        click(".coop-weigh-block"),
        ...key("710"),
        atLast(".coop-blocks .btn:contains('0,71')"),
        click(".coop-weigh-block"),
        ...key("600"),
        click(".coop-weigh-block"),
        ...key("650"),
        atLast(".coop-blocks .btn:contains('0,65')"),
        click(".coop-blocks .btn:contains('0,6 ')"),
        atLast(".coop-counted-value:contains('1,36')"),
        click(".coop-all-good"),
        { trigger: "body:not(:has(.coop-all-good))", timeout: 60000 },
        { trigger: "#coop_note", run: "edit BL-78" },
        click(".coop-finish"),
        atLast(".coop-reception .alert"),
    ],
});
