import { browser } from "@web/core/browser/browser";

const KEY = "coop_reception_counts";
const RETRY = 4000;

/**
 * Counts on their way to the server, kept on the device until it has them: a cellar
 * without network, a phone that restarts, lose nothing. Of a line, the last count wins.
 */
export class CountQueue {
    constructor({ send, isConnectionLost, onChange }) {
        this.send = send;
        this.isConnectionLost = isConnectionLost;
        this.onChange = onChange;
        this.offline = false;
        this.running = null;
        this.stopped = false;
        this.waiting = this.read();
    }

    read() {
        try {
            return JSON.parse(browser.localStorage.getItem(KEY)) || {};
        } catch {
            return {};
        }
    }

    store() {
        try {
            browser.localStorage.setItem(KEY, JSON.stringify(this.waiting));
        } catch {
            // Full: photos wait in memory only, quantities are small enough.
            const light = JSON.parse(JSON.stringify(this.waiting));
            for (const counts of Object.values(light)) {
                for (const count of Object.values(counts)) {
                    delete count.photo;
                }
            }
            browser.localStorage.setItem(KEY, JSON.stringify(light));
        }
        this.onChange(this);
    }

    get size() {
        return Object.values(this.waiting).reduce(
            (sum, counts) => sum + Object.keys(counts).length,
            0
        );
    }

    get(pickingId) {
        return Object.values(this.waiting[pickingId] || {});
    }

    add(pickingId, moveId, values) {
        const counts = (this.waiting[pickingId] ||= {});
        counts[moveId] = {
            ...counts[moveId],
            ...values,
            move_id: moveId,
            at: Math.floor(Date.now() / 1000),
        };
        this.store();
        this.flush();
    }

    flush() {
        this.running ||= this.run().finally(() => {
            this.running = null;
        });
        return this.running;
    }

    async run() {
        while (this.size && !this.stopped) {
            const [pickingId, counts] = Object.entries(this.waiting).find(
                ([, some]) => Object.keys(some).length
            );
            const sent = JSON.stringify(counts);
            try {
                await this.send(Number(pickingId), Object.values(counts));
                this.offline = false;
            } catch (error) {
                if (this.isConnectionLost(error)) {
                    this.offline = true;
                    this.onChange(this);
                    await new Promise((done) => browser.setTimeout(done, RETRY));
                    continue;
                }
                // Refused, with a sentence: kept, it would be refused for ever.
                delete this.waiting[pickingId];
                this.store();
                throw error;
            }
            // What was counted again meanwhile goes with the next call.
            const before = JSON.parse(sent);
            const now = this.waiting[pickingId] || {};
            for (const [moveId, count] of Object.entries(before)) {
                if (JSON.stringify(now[moveId]) === JSON.stringify(count)) {
                    delete now[moveId];
                }
            }
            if (!Object.keys(now).length) {
                delete this.waiting[pickingId];
            }
            this.store();
        }
    }
}
