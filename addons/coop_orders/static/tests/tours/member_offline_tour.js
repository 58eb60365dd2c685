import { registry } from "@web/core/registry";

/** The network as it is in the country: changes of the basket do not arrive. */
function breakNetwork(mode) {
    window.coopNetwork = { mode };
    if (window.coopNetworkPatched) {
        return;
    }
    window.coopNetworkPatched = true;
    const { open, send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, url) {
        this.coopIsChange = String(url).endsWith("/change");
        return open.apply(this, arguments);
    };
    XMLHttpRequest.prototype.send = function () {
        if (this.coopIsChange && window.coopNetwork.mode === "down") {
            setTimeout(() => this.dispatchEvent(new Event("error")), 10);
            return;
        }
        return send.apply(this, arguments);
    };
    // The last message of a page that goes away is lost, too.
    const { fetch } = window;
    window.fetch = function (url) {
        const isDown = window.coopNetwork.mode === "down";
        if (String(url).endsWith("/change") && isDown) {
            return Promise.reject(new TypeError("down"));
        }
        return fetch.apply(this, arguments);
    };
}

const plus = (name) => `.o_coop_window[data-ready='1'] .o_coop_row:contains(${name}) .o_coop_plus`;
const quantity = (name, value) =>
    `.o_coop_row:contains(${name}) .o_coop_quantity:value(${value})`;

registry.category("web_tour.tours").add("coop_orders_member_offline", {
    steps: () => [
        { trigger: plus("Product 0"), run: () => breakNetwork("down") },
        { content: "Two taps in a tunnel", trigger: plus("Product 0"), run: "click" },
        { trigger: plus("Product 0"), run: "click" },
        { trigger: plus("Product 1"), run: "click" },
        {
            content: "It says so, with how many",
            trigger: ".o_coop_offline:not(.d-none):contains(2 to save)",
        },
        {
            content: "The total counts them all the same",
            trigger: ".o_coop_total:contains(7.00)",
        },
        {
            content: "Confirming waits",
            trigger: ".o_coop_validate:not(.disabled)",
            run: "click",
        },
        { trigger: ".o_coop_offline:contains(confirm once it is back)" },
        {
            content: "The browser is closed and opened again",
            trigger: ".o_coop_window",
            run() {
                window.addEventListener("beforeunload", (ev) =>
                    localStorage.setItem("coop_test_warned", ev.defaultPrevented)
                );
                window.location.reload();
            },
            expectUnloadPage: true,
        },
        {
            content: "Leaving was warned of",
            trigger: ".o_coop_window[data-ready='1']",
            run() {
                if (localStorage.getItem("coop_test_warned") !== "true") {
                    throw new Error("The page lets unsaved taps go without a word");
                }
            },
        },
        {
            content: "Nothing was lost, and it leaves by itself",
            trigger: `.o_coop_window[data-ready='1'] ${quantity("Product 0", 2)}`,
        },
        { trigger: ".o_coop_status:contains(Saved)" },
        { trigger: quantity("Product 1", 1) },
        {
            content: "The storage is empty again",
            trigger: ".o_coop_window",
            run() {
                const left = Object.keys(localStorage).filter((key) =>
                    key.startsWith("coop_taps_")
                );
                if (left.length) {
                    throw new Error(`Still stored: ${left}`);
                }
            },
        },
        {
            content: "A clock that goes back by a year loses no tap either",
            trigger: plus("Product 2"),
            run() {
                const { now } = Date;
                Date.now = () => now() - 365 * 24 * 3600 * 1000;
            },
        },
        { trigger: plus("Product 2"), run: "click" },
        { trigger: ".o_coop_status:contains(Saved)" },
        { trigger: quantity("Product 2", 1) },
    ],
});
