import { registry } from "@web/core/registry";

const type = (number) => [
    ...[...number].map((digit) => ({
        trigger: `.o_coop_kiosk[data-ready='1'] .o_coop_kiosk_digit[data-digit='${digit}']`,
        run: "click",
    })),
    { trigger: ".o_coop_kiosk_ok", run: "click" },
];

const realSend = XMLHttpRequest.prototype.send;

/** Unknown, present, back by itself, cut off, sent again; no name is ever shown. */
registry.category("web_tour.tours").add("coop_volunteers_kiosk", {
    steps: () => [
        ...type("99"),
        {
            trigger: ".o_coop_kiosk_result[data-color='red']:contains(inconnu)",
        },
        {
            content: "Back to the start by itself",
            trigger: ".o_coop_kiosk_start:not(.d-none)",
        },
        {
            content: "The network is cut",
            trigger: "body",
            run() {
                XMLHttpRequest.prototype.send = function () {
                    setTimeout(() => this.dispatchEvent(new Event("error")));
                };
            },
        },
        ...type("7001"),
        {
            trigger: ".o_coop_kiosk_result[data-color='amber']:contains(envoyé au retour)",
        },
        {
            trigger: ".o_coop_kiosk_offline:not(.d-none) .o_coop_kiosk_queued:contains(1)",
        },
        {
            content: "The network is back",
            trigger: "body",
            run() {
                XMLHttpRequest.prototype.send = realSend;
                window.dispatchEvent(new Event("online"));
            },
        },
        {
            content: "The badge that was kept has left",
            trigger: ".o_coop_kiosk_offline.d-none:not(:visible)",
        },
        {
            trigger: ".o_coop_kiosk_start:not(.d-none)",
        },
        ...type("7001"),
        {
            content: "Counted once",
            trigger: ".o_coop_kiosk_result[data-color='green']:contains(déjà)",
        },
        {
            trigger: ".o_coop_kiosk_initials:contains(A. A.)",
        },
    ],
});
