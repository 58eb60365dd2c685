import { registry } from "@web/core/registry";

const leave = (trigger) => ({ trigger, run: "click", expectUnloadPage: true });

/** A producer on a phone, in French: answers in part, announces the delivery, keeps
 * prices and delivery days, gives a helper access and withdraws it. */
registry.category("web_tour.tours").add("coop_orders_producer", {
    steps: () => [
        leave("a[href='/my/producer']:contains(Producteur)"),
        leave(".coop-card a:contains(Voir et confirmer)"),
        {
            trigger: ".o_coop_line:contains(Product 2) summary",
            run: "click",
        },
        {
            trigger: ".o_coop_line:contains(Product 2) input[inputmode='decimal']",
            run: "edit 1,5",
        },
        leave("button[name='answer'][value='typed']"),
        {
            trigger: ".alert-success:contains(Merci)",
        },
        {
            trigger: ".o_coop_line:contains(1,5)",
        },
        {
            trigger: "#coop_reference",
            run: "edit BL 2026-7",
        },
        leave("form[action$='delivery_note'] button:contains(Enregistrer)"),
        {
            trigger: ".alert-success",
        },
        leave(".breadcrumb a[href='/my/producer']"),
        leave(".coop-card a[href='/my/producer/catalogue']"),
        {
            trigger: "#coop_delivery label:contains(Mardi)",
            run: "click",
        },
        {
            trigger: "#coop_lead_days",
            run: "edit 2",
        },
        leave("#coop_delivery button[type='submit']"),
        {
            trigger: ".alert-success:contains(jours)",
        },
        {
            trigger: "#coop_delivery input[name='coop_delivers_1']:checked",
        },
        {
            trigger: ".o_coop_product:contains(Product 2) input[id^='price_']",
            run: "edit 3,40",
        },
        {
            trigger: ".o_coop_product:contains(Product 5) label:contains(Disponible)",
            run: "click",
        },
        leave(".o_coop_bar button:contains(Enregistrer)"),
        {
            trigger: ".alert-success",
        },
        {
            trigger:
                ".o_coop_product:contains(Product 5) input[type='checkbox']:not(:checked)",
        },
        leave(".breadcrumb a[href='/my/producer']"),
        leave(".coop-card a[href='/my/producer/helpers']"),
        {
            trigger: "#coop_helper_name",
            run: "edit Béa Martin",
        },
        {
            trigger: "#coop_helper_email",
            run: "edit bea@example.com",
        },
        leave("button:contains(Inviter)"),
        {
            trigger: ".o_coop_helper:contains(Béa Martin):contains(bea@example.com)",
        },
        {
            trigger: "#coop_helper_name",
            run: "edit Zoé Petit",
        },
        {
            trigger: "#coop_helper_email",
            run: "edit zoe@example.com",
        },
        leave("button:contains(Inviter)"),
        {
            trigger: ".o_coop_helper:contains(Zoé Petit) summary",
            run: "click",
        },
        leave(".o_coop_helper:contains(Zoé Petit) button"),
        {
            trigger: ".alert-success:contains(Zoé Petit)",
        },
        {
            trigger: "body:not(:has(.o_coop_helper:contains(Zoé Petit)))",
        },
    ],
});
