import { registry } from "@web/core/registry";
import { checkAccessibility, checkPhone } from "./axe";

function check(selector, content) {
    return {
        content: `axe: ${content}`,
        trigger: selector,
        async run() {
            await checkAccessibility();
            checkPhone(document.querySelector(selector));
        },
    };
}

/** No serious violation, on a phone, from the home page to the list of orders. */
registry.category("web_tour.tours").add("coop_orders_member_axe", {
    steps: () => [
        check(".coop-home", "home page"),
        {
            trigger: ".coop-card a.btn-primary:contains(Go on with my basket)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_coop_window[data-ready='1'] .o_coop_filters_button", run: "click" },
        check(".o_coop_window[data-ready='1']", "order page with a basket"),
        {
            trigger: ".o_coop_row:contains(Product 1) .o_coop_plus",
            run: "click",
        },
        { trigger: ".o_coop_status:contains(Saved)" },
        check(".o_coop_window[data-ready='1']", "after a tap"),
        { trigger: ".o_coop_validate", run: "click", expectUnloadPage: true },
        {
            trigger: ".o_coop_order summary:contains(Where do you collect)",
        },
        check(".o_coop_order", "basket"),
        {
            content: "Donation, note and history unfolded",
            trigger: ".o_coop_order",
            run() {
                for (const details of document.querySelectorAll(".o_coop_order details")) {
                    details.open = true;
                }
                document.querySelector("#donation_other").click();
            },
        },
        check(".o_coop_order:has(.o_coop_donation_other input)", "basket, unfolded"),
        {
            trigger: "label:contains(2.00):visible",
            run: "click",
        },
        {
            trigger: "button:contains(Confirm my order)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert-success:contains(your order is confirmed)" },
        check(".o_coop_order", "confirmed order"),
        {
            trigger: ".breadcrumb a:contains(My orders)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".list-group-item:contains(can still be changed)" },
        check(".o_coop_orders", "list of orders"),
    ],
});

function key(target, name) {
    target.dispatchEvent(
        new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true })
    );
}

/** What the Tab key would reach next. */
function focusNext() {
    const all = [
        ...document.querySelectorAll("a[href], button, input, select, textarea, summary"),
    ].filter((el) => el.tabIndex >= 0 && !el.disabled && el.checkVisibility());
    const next = all[all.indexOf(document.activeElement) + 1];
    next.focus();
    return next;
}

/** Without a mouse nor a finger: search, quantities, confirm. */
registry.category("web_tour.tours").add("coop_orders_member_keyboard", {
    steps: () => [
        {
            trigger: ".o_coop_window[data-ready='1'] .o_coop_search",
            run: "edit product 3",
        },
        {
            content: "Tab goes on to the product's own buttons, in order",
            trigger: ".o_coop_rows:not(:has(.o_coop_row.d-flex:contains(Product 0)))",
            run() {
                document.querySelector(".o_coop_search").focus();
                let el = focusNext();
                for (let i = 0; i < 40 && !el.classList.contains("o_coop_quantity"); i++) {
                    el = focusNext();
                }
                if (!el.closest(".o_coop_row")?.textContent.includes("Product 3")) {
                    throw new Error(`Tab reached ${el.outerHTML}`);
                }
                key(el, "ArrowUp");
                key(el, "ArrowUp");
                key(el, "ArrowUp");
                key(el, "ArrowDown");
            },
        },
        { trigger: ".o_coop_row:contains(Product 3) .o_coop_quantity:value(2)" },
        {
            content: "Digits and Enter",
            trigger: ".o_coop_row:contains(Product 3) .o_coop_quantity",
            run() {
                const el = document.activeElement;
                el.value = "7";
                key(el, "Enter");
            },
        },
        {
            content: "It is said to who cannot see it",
            trigger: ".o_coop_said:contains(Product 3: 7. Total)",
        },
        {
            content: "What is no number is said, and changes nothing",
            trigger: ".o_coop_row:contains(Product 3) .o_coop_quantity",
            run() {
                const el = document.activeElement;
                el.value = "a lot";
                key(el, "Enter");
            },
        },
        {
            trigger: ".o_coop_row:contains(Product 3) .o_coop_message:contains(Write a quantity)",
        },
        { trigger: ".o_coop_row:contains(Product 3) .o_coop_quantity:value(7)" },
        { trigger: ".o_coop_status:contains(Saved)" },
        {
            trigger: ".o_coop_validate:not(.disabled)",
            run() {
                const link = document.querySelector(".o_coop_validate");
                link.focus();
                // Enter on a link or a button is a click, in every browser.
                document.activeElement.click();
            },
            expectUnloadPage: true,
        },
        {
            trigger: "button:contains(Confirm my order)",
            run() {
                const button = [...document.querySelectorAll("button[type='submit']")].find(
                    (el) => el.textContent.includes("Confirm my order")
                );
                button.focus();
                document.activeElement.click();
            },
            expectUnloadPage: true,
        },
        { trigger: ".alert-success:contains(your order is confirmed)" },
    ],
});
