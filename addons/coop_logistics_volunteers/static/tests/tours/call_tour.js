import { registry } from "@web/core/registry";

/** On a phone: one tap to come, then the check-list of one's role is ticked. */
registry.category("web_tour.tours").add("coop_logistics_volunteers_call", {
    steps: () => [
        {
            content: "One tap from the home page",
            trigger:
                ".o_coop_call_role:contains(Réception) button:contains(Je viens)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coop_flash:contains(Vous venez comme : Réception)",
        },
        {
            content: "To one's shift",
            trigger: ".o_coop_call_role:contains(Réception) a:contains(Je viens)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "A step of the check-list",
            trigger: ".o_coop_steps button[aria-pressed='false']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coop_steps button[aria-pressed='true']",
        },
    ],
});
