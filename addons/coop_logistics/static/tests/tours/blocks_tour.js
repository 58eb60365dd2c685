import { registry } from "@web/core/registry";

const click = (trigger) => ({ trigger, run: "click" });
const atLast = (trigger) => ({ trigger, timeout: 60000 });
const key = (text) => [
    ...[...text].map((digit) => click(`.coop-pad-keys .coop-key[aria-label='${digit}']`)),
    click(".coop-pad .btn-primary"),
    { trigger: "body:not(:has(.coop-pad-back))" },
];

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
