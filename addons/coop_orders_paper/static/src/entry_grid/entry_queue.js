import { browser } from "@web/core/browser/browser";

const RETRY = 3000;

/**
 * Quantities on their way to the server: one call at a time, all that was typed for a
 * member meanwhile in one call, and nothing lost when the connection is.
 */
export class EntryQueue {
    constructor({ send, isConnectionLost, onChange }) {
        this.send = send;
        this.isConnectionLost = isConnectionLost;
        this.onChange = onChange;
        this.waiting = new Map();
        this.sent = new Map();
        this.offline = false;
        this.running = null;
    }

    get size() {
        return this.waiting.size + this.sent.size;
    }

    /** The quantity typed last and not saved yet, or undefined. */
    get(memberId, offerId) {
        const change =
            this.waiting.get(memberId)?.get(offerId) || this.sent.get(memberId)?.get(offerId);
        return change?.quantity;
    }

    add(memberId, offerId, quantity, expected) {
        if (!this.waiting.has(memberId)) {
            this.waiting.set(memberId, new Map());
        }
        const changes = this.waiting.get(memberId);
        const first = changes.get(offerId);
        // Sent a moment ago and typed again: that one is what will be there.
        const before = this.sent.get(memberId)?.get(offerId);
        changes.set(offerId, {
            offer_id: offerId,
            quantity,
            expected: first ? first.expected : before ? before.quantity : expected,
        });
        this.flush();
    }

    flush() {
        this.running ||= this.run().finally(() => {
            this.running = null;
        });
        return this.running;
    }

    async run() {
        while (this.waiting.size) {
            const [memberId, changes] = this.waiting.entries().next().value;
            this.waiting.delete(memberId);
            this.sent.set(memberId, changes);
            this.onChange(this);
            let redraw = null;
            try {
                redraw = await this.send(memberId, [...changes.values()]);
                this.offline = false;
            } catch (error) {
                if (!this.isConnectionLost(error)) {
                    throw error;
                }
                this.offline = true;
                this.waiting.set(
                    memberId,
                    new Map([...changes, ...(this.waiting.get(memberId) || [])])
                );
            } finally {
                this.sent.delete(memberId);
                this.onChange(this);
            }
            redraw?.();
            if (this.offline) {
                await new Promise((resolve) => browser.setTimeout(resolve, RETRY));
            }
        }
    }
}
