import { registry } from "@web/core/registry";

const ready = ".o_coop_window[data-ready='1']";

/** Exactly these products are to be seen, and it is said how many. */
function shows(content, ...names) {
    return {
        content,
        trigger: ready,
        run() {
            const shown = [...document.querySelectorAll(".o_coop_row")]
                .filter((el) => el.checkVisibility())
                .map((el) => el.dataset.name);
            if (shown.join() !== names.join()) {
                throw new Error(`${content}: ${shown.join()}`);
            }
            const said = document.querySelector(".o_coop_found").textContent;
            const wanted = names.length === 1 ? "1 product" : `${names.length} products`;
            if (said !== wanted) {
                throw new Error(`${content}: "${said}" is said`);
            }
        },
    };
}

const click = (trigger) => ({ trigger: `${ready} ${trigger}`, run: "click" });

registry.category("web_tour.tours").add("coop_orders_member_filters", {
    steps: () => [
        click(".o_coop_filters_button"),
        { trigger: "select[data-refine='producer']", run: "selectByLabel Farm 1" },
        shows("one producer", "Product 0", "Product 3"),
        click("button[data-refine='storage']:contains(Frozen)"),
        shows("producer and storage", "Product 3"),
        { trigger: ".o_coop_filters_count:contains(2)" },
        click(".o_coop_filters_clear"),
        shows("all again", ...[0, 1, 2, 3, 4, 5].map((index) => `Product ${index}`)),
        click("button[data-refine='label']:first"),
        shows("one label", "Product 1", "Product 2"),
        click("button[data-refine='storage']:contains(Dry)"),
        shows("label and storage", "Product 2"),
        click(".o_coop_filters_clear"),
        click("[data-filter='usual']"),
        shows("my usual", "Product 4"),
        click("[data-filter='favourite']"),
        shows("favourites", "Product 5"),
        click(".o_coop_row:contains(Product 5) .o_coop_heart"),
        click("[data-filter='all']"),
        click("[data-filter='favourite']"),
        shows("no favourite any more"),
        click(".o_coop_none .o_coop_show_all"),
        shows("everything", ...[0, 1, 2, 3, 4, 5].map((index) => `Product ${index}`)),
        { trigger: ".o_coop_search", run: "edit VÍLLÄGES 2" },
        shows("accents, capitals and a plural", "Product 2"),
    ],
});

let before;

/** A phone whose clock is a year ahead counts down to the cooperative's deadline. */
registry.category("web_tour.tours").add("coop_orders_member_clock", {
    steps: () => [
        {
            trigger: ".o_coop_countdown:contains(s left)",
            run() {
                const RealDate = window.Date;
                const shift = 366 * 24 * 3600 * 1000;
                window.Date = class extends RealDate {
                    constructor(...args) {
                        super(...(args.length ? args : [RealDate.now() + shift]));
                    }
                    static now() {
                        return RealDate.now() + shift;
                    }
                };
                before = document.querySelector(".o_coop_bar .o_coop_countdown").textContent;
            },
        },
        {
            content: "It goes on, and is not closed",
            trigger: ".o_coop_bar .o_coop_countdown",
            async run({ waitFor }) {
                const el = document.querySelector(".o_coop_bar .o_coop_countdown");
                for (let i = 0; i < 50 && el.textContent === before; i++) {
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
                const [was, is] = [before, el.textContent].map((text) => parseInt(text));
                if (!(is < was && is > was - 30)) {
                    throw new Error(`From "${before}" to "${el.textContent}"`);
                }
            },
        },
    ],
});
