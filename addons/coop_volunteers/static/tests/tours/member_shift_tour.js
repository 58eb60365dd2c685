import { registry } from "@web/core/registry";

/** A member moves a shift, asks for a leave and reads the answer, on a phone. */
registry.category("web_tour.tours").add("coop_volunteers_member", {
    steps: () => [
        {
            content: "The next shift is on the home page",
            trigger: ".coop-card .o_coop_when:contains(mardi)",
        },
        {
            trigger: ".coop-card a[href='/my/coop/shifts']:contains(Mes créneaux)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coop_next_shift a:contains(Voir)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The consequence of cancelling is said before",
            trigger: ".o_coop_terms:contains(dans votre solde)",
        },
        {
            trigger: "a:contains(Choisir un autre moment)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a[aria-label='Semaine suivante']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".coop-card:contains(Libre) button:contains(Déplacer ici)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coop_flash.alert-success:contains(déplacé)",
        },
        {
            trigger: ".o_coop_next_shift:contains(Libre)",
        },
        {
            trigger: "a:contains(Congé, délai)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "label:contains(Congé parental)",
            run: "click",
        },
        {
            trigger: "#date_to",
            run() {
                this.anchor.value = "2199-01-31";
            },
        },
        {
            trigger: "details[open] button:contains(Demander)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Refused at once, with the reason, and it stays in the list",
            trigger: ".o_coop_flash.alert-danger:contains(730)",
        },
        {
            trigger: ".o_coop_trail:contains(730)",
        },
    ],
});
