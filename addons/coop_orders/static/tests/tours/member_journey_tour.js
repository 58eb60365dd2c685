import { registry } from "@web/core/registry";
import { checkPhone } from "./axe";

const ready = ".o_coop_window[data-ready='1']";
const row = (name) => `${ready} .o_coop_row:contains(${name})`;

async function checkFile(link, type) {
    const response = await fetch(document.querySelector(link).href);
    const found = response.headers.get("Content-Type");
    if (!response.ok || !found.startsWith(type)) {
        throw new Error(`${link} answers ${response.status} ${found}`);
    }
    return response;
}

/** The whole way of a member, in French, on a phone. */
registry.category("web_tour.tours").add("coop_orders_member_journey", {
    steps: () => [
        {
            trigger: ".coop-card a.btn-primary:contains(Commander)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: `${ready} .o_coop_search`, run: "edit product 3" },
        { trigger: `${row("Product 3")}.d-flex .o_coop_plus`, run: "click" },
        { trigger: ".o_coop_status:contains(Enregistré)" },
        { trigger: ".o_coop_count:contains(1 produit)" },
        { trigger: `${ready} .o_coop_search`, run: "clear" },
        { trigger: ".o_coop_filters_button", run: "click" },
        { trigger: "select[data-refine='producer']", run: "selectByLabel Farm 2" },
        { trigger: ".o_coop_filters_button", run: "click" },
        { trigger: `${row("Product 1")}.d-flex .o_coop_plus`, run: "click" },
        {
            trigger: `${row("Product 1")} .o_coop_tolerance_input:visible`,
            run: "selectByLabel + 2",
        },
        { trigger: ".o_coop_status:contains(Enregistré)" },
        {
            trigger: ".o_coop_advice:contains(Votre panier n'est pas encore validé)",
            run: () => checkPhone(document.querySelector(".o_coop_window")),
        },
        { trigger: ".o_coop_validate:contains(Valider)", run: "click", expectUnloadPage: true },
        { trigger: ".o_coop_order:contains(Product 1):contains(jusqu'à 2 de plus)" },
        { trigger: "label.btn:contains(8 places)", run: "click" },
        { trigger: "summary:contains(Payer pour la personne)", run: "click" },
        { trigger: "label[for='donation_2']:visible", run: "click" },
        { trigger: "summary:contains(Un mot)", run: "click" },
        { trigger: "textarea[name='note']:visible", run: "edit Ma voisine vient pour moi." },
        {
            trigger: "button:contains(Valider ma commande)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(Merci, votre commande est validée)",
            run: () => checkPhone(document.querySelector(".o_coop_order")),
        },
        { trigger: ".o_coop_order:contains(Don : pour la personne)" },
        {
            content: "PDF and calendar",
            trigger: "a[href$='/order.pdf']",
            async run() {
                await checkFile("a[href$='/order.pdf']", "application/pdf");
                const file = await checkFile("a[href$='/collection.ics']", "text/calendar");
                if (!(await file.text()).includes("BEGIN:VEVENT")) {
                    throw new Error("The calendar is empty");
                }
            },
        },
        { trigger: "a:contains(Changer les produits)", run: "click", expectUnloadPage: true },
        { trigger: `${row("Product 3")} .o_coop_plus`, run: "click" },
        { trigger: ".o_coop_status:contains(Enregistré)" },
        {
            trigger: ".o_coop_validate:contains(Voir ma commande)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "summary:contains(Ce qui a changé)", run: "click" },
        { trigger: ".o_coop_history li:contains(Product 3):contains(1 → 2):contains(vous)" },
        { trigger: "button:contains(Annuler ma commande)", run: "click", expectUnloadPage: true },
        {
            trigger: "button:contains(Reprendre mon panier)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-warning:contains(Votre panier n'est pas encore validé)",
        },
        {
            trigger: "button:contains(Valider ma commande)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert-success:contains(Merci, votre commande est validée)" },
        { trigger: ".breadcrumb a:contains(Ma coopérative)", run: "click", expectUnloadPage: true },
        { trigger: ".coop-card:contains(Commande validée)" },
    ],
});
