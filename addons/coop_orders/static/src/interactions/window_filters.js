import { plain, searchWords } from "./window_text";

/** Search, chips and filters of the order page: which rows are shown. */
export class RowFilters {
    constructor(el, rows, texts) {
        Object.assign(this, { el, rows, texts });
        this.chip = "all";
        this.producer = "";
        this.chosen = { label: new Set(), storage: new Set() };
        for (const row of rows.values()) {
            row.search = plain(row.el.dataset.search);
            row.labels = row.el.dataset.labels.split(" ");
        }
    }

    /** Whether a click was for the filters. */
    onClick(target) {
        const chip = target.closest("[data-filter]");
        const refine = target.closest("button[data-refine]");
        if (chip) {
            this.setChip(chip.dataset.filter);
        } else if (refine) {
            const chosen = this.chosen[refine.dataset.refine];
            const value = refine.dataset.value;
            chosen.has(value) ? chosen.delete(value) : chosen.add(value);
            this.apply();
        } else if (target.closest(".o_coop_filters_button")) {
            this.toggle();
        } else if (target.closest(".o_coop_filters_clear")) {
            this.clear();
        } else if (target.closest(".o_coop_show_all")) {
            this.el.querySelector(".o_coop_search").value = "";
            this.chip = "all";
            this.clear();
            this.el.querySelector(".o_coop_search").focus();
        } else {
            return false;
        }
        return true;
    }

    /** Whether a change was for the filters. */
    onChange(target) {
        if (target.dataset.refine !== "producer") {
            return false;
        }
        this.producer = target.value;
        this.apply();
        return true;
    }

    setChip(name) {
        this.chip = name;
        this.apply();
    }

    toggle() {
        const button = this.el.querySelector(".o_coop_filters_button");
        const isOpen = button.getAttribute("aria-expanded") === "true";
        button.setAttribute("aria-expanded", isOpen ? "false" : "true");
        this.el.querySelector(".o_coop_filters").classList.toggle("d-none", isOpen);
    }

    clear() {
        this.producer = "";
        this.chosen.label.clear();
        this.chosen.storage.clear();
        const select = this.el.querySelector("select[data-refine]");
        if (select) {
            select.value = "";
        }
        this.apply();
    }

    matches(row, words) {
        const { label, storage } = this.chosen;
        const data = row.el.dataset;
        return (
            words.every((word) => row.search.includes(word)) &&
            (this.chip === "all" ||
                (this.chip === "basket" && row.quantity > 0) ||
                (this.chip === "usual" && data.usual === "1") ||
                (this.chip === "favourite" && data.favourite === "1") ||
                data.category === this.chip) &&
            (!this.producer || data.producer === this.producer) &&
            (!storage.size || storage.has(data.storage)) &&
            [...label].every((value) => row.labels.includes(value))
        );
    }

    apply() {
        const words = searchWords(this.el.querySelector(".o_coop_search").value);
        let shown = 0;
        for (const row of this.rows.values()) {
            const isShown = this.matches(row, words);
            row.el.classList.toggle("d-none", !isShown);
            row.el.classList.toggle("d-flex", isShown);
            shown += isShown ? 1 : 0;
        }
        this.show(shown);
        this.goUp();
    }

    show(shown) {
        for (const chip of this.el.querySelectorAll("[data-filter]")) {
            const isActive = chip.dataset.filter === this.chip;
            chip.classList.toggle("active", isActive);
            chip.setAttribute("aria-pressed", isActive ? "true" : "false");
        }
        for (const button of this.el.querySelectorAll("button[data-refine]")) {
            const isActive = this.chosen[button.dataset.refine].has(button.dataset.value);
            button.classList.toggle("active", isActive);
            button.setAttribute("aria-pressed", isActive ? "true" : "false");
        }
        const { label, storage } = this.chosen;
        const count = label.size + storage.size + (this.producer ? 1 : 0);
        const badge = this.el.querySelector(".o_coop_filters_count");
        badge.textContent = count || "";
        badge.classList.toggle("d-none", !count);
        this.el.querySelector(".o_coop_found").textContent =
            shown === 1 ? this.texts.found_one : this.texts.found.replace("%s", shown);
        this.el.querySelector(".o_coop_none").classList.toggle("d-none", shown > 0);
    }

    /** A short list must not stay above the part of the page one looks at. */
    goUp() {
        const tools = this.el.querySelector(".o_coop_tools").getBoundingClientRect();
        const list = this.el.querySelector(".o_coop_rows");
        if (list.getBoundingClientRect().top < tools.top) {
            list.scrollIntoView({ block: "start" });
        }
    }
}
