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
registry.category("web_tour.tours").add("coop_till_return", {
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
