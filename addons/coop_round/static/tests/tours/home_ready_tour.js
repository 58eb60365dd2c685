import { registry } from "@web/core/registry";

const click = (trigger) => ({ trigger, run: "click" });
const atLast = (trigger) => ({ trigger, timeout: 60000 });
const key = (text) => [
    ...[...text].map((digit) => click(`.coop-pad-keys .coop-key[aria-label='${digit}']`)),
    click(".coop-pad .btn-primary"),
    { trigger: "body:not(:has(.coop-pad-back))" },
];
const line = (product) => `.coop-till-line:contains('${product}')`;
const open = (name) => [
    atLast(`.coop-till-row:contains('${name}')`),
    click(`.coop-till-row:contains('${name}') .coop-till-member`),
    atLast(`.coop-till-order h1:contains('${name}')`),
];

// A basket to bring home is weighed and closed; the driver's purse is counted.
registry.category("web_tour.tours").add("coop_round_home_ready", {
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
