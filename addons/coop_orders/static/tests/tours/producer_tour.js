import { registry } from "@web/core/registry";

/** A producer on a phone: confirms in part, announces the delivery, keeps prices. */
registry.category("web_tour.tours").add("coop_orders_producer", {
    steps: () => [
        {
            trigger: "a[href='/my/producer']:contains(Producer)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".coop-card a:contains(See and confirm)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coop_line:contains(Product 2) summary",
            run: "click",
        },
        {
            trigger: ".o_coop_line:contains(Product 2) input[inputmode='decimal']",
            run: "edit 1,5",
        },
        {
            trigger: "button:contains(Send the quantities I wrote)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(your answer was sent)",
        },
        {
            trigger: ".o_coop_line:contains(You supply 1.5 instead of 4)",
        },
        {
            trigger: "#coop_reference",
            run: "edit BL 2026-7",
        },
        {
            trigger: "form[action$='delivery_note'] button:contains(Save)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(is noted)",
        },
        {
            trigger: ".breadcrumb a[href='/my/producer']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a:contains(My prices, quantities and photos)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coop_product:contains(Product 2) input[id^='price_']",
            run: "edit 3.40",
        },
        {
            trigger: ".o_coop_product:contains(Product 5) label:contains(Available)",
            run: "click",
        },
        {
            trigger: ".o_coop_bar button:contains(Save)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(Saved)",
        },
        {
            trigger: ".o_coop_product:contains(Product 5) input[type='checkbox']:not(:checked)",
        },
    ],
});
