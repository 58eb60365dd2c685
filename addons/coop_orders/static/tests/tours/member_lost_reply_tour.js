import { registry } from "@web/core/registry";

/**
 * Changes of the basket: "lost" reach the server and its answer is lost on the way;
 * "stuck" do not leave, until ``release`` sends them, too late.
 */
function patchNetwork() {
    const network = { mode: "up", lost: 0, stuck: [] };
    window.coopNetwork = network;
    const { open, send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, url) {
        this.coopUrl = String(url);
        return open.apply(this, arguments);
    };
    XMLHttpRequest.prototype.send = function (body) {
        const fail = () => this.dispatchEvent(new Event("error"));
        if (!this.coopUrl.endsWith("/change") || network.mode === "up") {
            return send.apply(this, arguments);
        }
        if (network.mode === "lost") {
            post(this.coopUrl, body).then(() => {
                network.lost++;
                fail();
            });
        } else {
            network.stuck.push([this.coopUrl, body]);
            setTimeout(fail, 10);
        }
    };
}

function post(url, body) {
    return fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body,
    }).then((response) => response.json());
}

/** Another device of the same member, which orders the same product. */
function otherDevice(name, quantity) {
    const root = document.querySelector(".o_coop_window");
    const row = [...root.querySelectorAll(".o_coop_row")].find((el) => el.dataset.name === name);
    const changes = [{ offer_id: Number(row.dataset.offer), quantity }];
    return post(
        `/my/coop/window/${root.dataset.window}/change`,
        JSON.stringify({ jsonrpc: "2.0", method: "call", params: { changes } })
    );
}

const ready = ".o_coop_window[data-ready='1']";
const plus = (name) => `${ready} .o_coop_row:contains(${name}) .o_coop_plus`;
const quantity = (name, value) =>
    `${ready} .o_coop_row:contains(${name}) .o_coop_quantity:value(${value})`;

registry.category("web_tour.tours").add("coop_orders_member_lost_reply", {
    steps: () => [
        {
            trigger: plus("Product 0"),
            run() {
                patchNetwork();
                window.coopNetwork.mode = "lost";
            },
        },
        { trigger: plus("Product 0"), run: "click" },
        {
            content: "The server has it; the page cannot know, and says so",
            trigger: ".o_coop_offline:not(.d-none):contains(1 to save)",
            async run() {
                if (window.coopNetwork.lost < 1) {
                    throw new Error("The message did not reach the server");
                }
                await otherDevice("Product 0", 5);
                window.coopNetwork.mode = "up";
                window.dispatchEvent(new Event("online"));
            },
        },
        {
            content: "The same message again undoes nothing of what came after it",
            trigger: quantity("Product 0", 5),
        },
        { trigger: ".o_coop_status:contains(Saved)" },
        {
            content: "A message that does not leave",
            trigger: plus("Product 1"),
            run() {
                window.coopNetwork.mode = "stuck";
            },
        },
        { trigger: plus("Product 1"), run: "click" },
        {
            trigger: ".o_coop_offline:not(.d-none)",
            run() {
                window.coopNetwork.mode = "up";
            },
        },
        { trigger: plus("Product 1"), run: "click" },
        { trigger: ".o_coop_status:contains(Saved)" },
        {
            content: "It arrives after the one that followed it",
            trigger: quantity("Product 1", 2),
            async run() {
                for (const [url, body] of window.coopNetwork.stuck) {
                    await post(url, body);
                }
                window.location.reload();
            },
            expectUnloadPage: true,
        },
        { trigger: quantity("Product 1", 2) },
        { trigger: quantity("Product 0", 5) },
    ],
});
