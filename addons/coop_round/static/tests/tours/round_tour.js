import { registry } from "@web/core/registry";

const stop = (name) => `section.coop-card:has(h2:contains(${name}))`;
const open = (name) => ({
    trigger: `${stop(name)} summary:contains(J'y suis)`,
    run: "click",
});

/** Draw a line on the canvas, as a finger does. */
function sign(canvas) {
    const box = canvas.getBoundingClientRect();
    const at = (share) => ({
        clientX: box.left + box.width * share,
        clientY: box.top + box.height * share,
        pointerId: 1,
        bubbles: true,
        cancelable: true,
    });
    // There is no finger to capture.
    canvas.setPointerCapture = () => {};
    canvas.dispatchEvent(new PointerEvent("pointerdown", at(0.2)));
    canvas.dispatchEvent(new PointerEvent("pointermove", at(0.5)));
    canvas.dispatchEvent(new PointerEvent("pointermove", at(0.8)));
    canvas.dispatchEvent(new PointerEvent("pointerup", at(0.8)));
}

/** All fits on the phone, and a thumb finds the buttons. */
function checkPhone() {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
        throw new Error(`the page is ${scrollWidth} px wide for ${clientWidth}`);
    }
    for (const el of document.querySelectorAll(".coop-home .btn, .coop-home summary")) {
        const { height } = el.getBoundingClientRect();
        if (height && height < 44) {
            throw new Error(`"${el.textContent.trim()}" is ${height} px high`);
        }
    }
}

/** The driver's day: two points and a home, on a phone in French. */
registry.category("web_tour.tours").add("coop_round_drive", {
    steps: () => [
        {
            trigger: ".coop-card a:contains(3 arrêts)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".coop-home:contains(0 / 3 arrêts)", run: checkPhone },
        {
            content: "What is loaded is counted before leaving",
            trigger: ".o_coop_loading:contains(3 paniers) input[name='counted']",
            run: "edit 2",
        },
        {
            trigger: ".o_coop_loading button:contains(Tout est chargé)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coop_loading .alert-danger:contains(il en manque 1)",
        },
        {
            trigger: ".o_coop_loading input[name='counted']",
            run: "edit 3",
        },
        {
            trigger: ".o_coop_loading button:contains(Tout est chargé)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".coop-home:not(:has(.o_coop_loading)):contains(Chargé)" },
        open("Maison"),
        {
            trigger: `${stop("Maison")} input[name='counted']:visible`,
            run: "edit 1",
        },
        {
            trigger: `${stop("Maison")} button:contains(Remis)`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Nobody received it: the page says what is missing",
            trigger: `${stop("Maison")} .alert-danger:contains(qui l)`,
        },
        {
            trigger: `${stop("Maison")} input[name='signed_by']:visible`,
            run: "edit Renée",
        },
        {
            trigger: `${stop("Maison")} input[name='counted']:visible`,
            run: "edit 1",
        },
        {
            trigger: `${stop("Maison")} canvas:visible`,
            run: ({ anchor }) => sign(anchor),
        },
        {
            content: "The drawing goes with the answer",
            trigger: `${stop("Maison")} input[name='signature'][value^='data:image/png']:not(:visible)`,
        },
        {
            trigger: `${stop("Maison")} button:contains(Remis)`,
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: `${stop("Maison")}:contains(1 remis à Renée)` },
        { trigger: ".coop-home:contains(1 / 3 arrêts)", run: checkPhone },
        open("Alice"),
        {
            trigger: `${stop("Alice")} input[name='note']:visible`,
            run: "edit Volets fermés",
        },
        {
            trigger: `${stop("Alice")} button:contains(Absent)`,
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: `${stop("Alice")}:contains(Absent):contains(Volets fermés)` },
        {
            content: "Somebody was there after all, and does not want it",
            trigger: `${stop("Alice")} button:contains(Corriger)`,
            run: "click",
            expectUnloadPage: true,
        },
        open("Alice"),
        {
            trigger: `${stop("Alice")} button:contains(Refusé)`,
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: `${stop("Alice")} .badge:contains(Refusé)` },
        open("Ferme de la Colline"),
        { trigger: `${stop("Ferme de la Colline")} input[name='signed_by']:visible`, run: "edit Paul" },
        {
            trigger: `${stop("Ferme de la Colline")} button:contains(Remis)`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The round is over: its addresses are shown no more",
            trigger: "h1:contains(Bonjour)",
            run() {
                if (document.body.textContent.includes("arrêts")) {
                    throw new Error("the round is still there");
                }
            },
        },
    ],
});
