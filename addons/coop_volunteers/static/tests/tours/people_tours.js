import { registry } from "@web/core/registry";

/** By name and day of birth, at the kiosk: a part of the name finds nobody. */
registry.category("web_tour.tours").add("coop_volunteers_kiosk_name", {
    steps: () => {
        const say = (name, day) => [
            {
                trigger: ".o_coop_kiosk[data-ready='1'] .o_coop_kiosk_start .o_coop_kiosk_by_name",
                run: "click",
            },
            {
                trigger: ".o_coop_kiosk_name:not(.d-none) #coop_kiosk_name",
                run: `edit ${name}`,
            },
            { trigger: "#coop_kiosk_birthday", run: `edit ${day}` },
            { trigger: ".o_coop_kiosk_name button[type='submit']", run: "click" },
        ];
        return [
            ...say("Adhér", "12/03"),
            { trigger: ".o_coop_kiosk_result[data-color='red']:contains(inconnu)" },
            {
                content: "Back to the start by itself",
                trigger: ".o_coop_kiosk_start:not(.d-none)",
            },
            ...say("alice adherente", "12/03"),
            {
                trigger: ".o_coop_kiosk_result[data-color='green'] .o_coop_kiosk_initials:contains(A. A.)",
            },
            {
                content: "Nothing of the last one stays on the page",
                trigger: ".o_coop_kiosk_start:not(.d-none)",
            },
        ];
    },
});

/** A member writes to the people of the shift. */
registry.category("web_tour.tours").add("coop_volunteers_people", {
    steps: () => [
        { trigger: ".o_coop_message:contains(café)" },
        { trigger: "#coop_message", run: "edit J'ai la clé" },
        {
            trigger: "form[action$='/message'] button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_coop_flash:contains(envoyé)" },
    ],
});
