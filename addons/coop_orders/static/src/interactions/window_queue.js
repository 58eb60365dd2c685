import { ConnectionLostError, rpc } from "@web/core/network/rpc";

const SEND_AFTER = 250;
const GIVE_UP_AFTER = 15000;
const RETRY_FIRST = 2000;
const RETRY_MOST = 60000;
const SESSION_EXPIRED = "odoo.http.SessionExpiredException";

function read(key) {
    try {
        return JSON.parse(localStorage.getItem(key));
    } catch {
        return null;
    }
}

function write(key, value) {
    try {
        if (value === null) {
            localStorage.removeItem(key);
        } else {
            localStorage.setItem(key, JSON.stringify(value));
        }
    } catch {
        // Private browsing: what is on the screen is still sent.
    }
}

/**
 * Taps on their way to the server. What is sent are absolute quantities with a number
 * that only grows, so that a message sent twice or overtaken changes nothing. What was
 * not answered stays in the browser's storage, by user and window: a reload, a crash or
 * a tunnel loses nothing, and two tabs keep each other's taps.
 */
export class TapQueue {
    constructor({ url, key, seq, onResult, onChange }) {
        Object.assign(this, { url, key, onResult, onChange });
        this.changes = new Map();
        this.acknowledged = new Map();
        this.trouble = "";
        this.tries = 0;
        this.sending = null;
        this.device = read("coop_device");
        if (!this.device) {
            this.device = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
            write("coop_device", this.device);
        }
        // The server's own last number counts too: a clock that went back would make
        // every tap look like a late one.
        this.seq = Math.max(seq || 0, read("coop_seq") || 0);
    }

    get size() {
        return this.changes.size;
    }

    has(id) {
        return this.changes.has(id);
    }

    /** Taps that an earlier page could not send. */
    restore() {
        const stored = Object.values(read(this.key) || {});
        for (const change of stored) {
            this.changes.set(change.offer_id, change);
            this.seq = Math.max(this.seq, change.seq);
        }
        return stored;
    }

    push(offerId, quantity, tolerance) {
        this.seq = Math.max(this.seq + 1, read("coop_seq") || 0, Date.now());
        write("coop_seq", this.seq);
        const change = {
            offer_id: offerId,
            quantity,
            tolerance,
            device: this.device,
            seq: this.seq,
        };
        this.changes.set(offerId, change);
        this.store();
        this.schedule(SEND_AFTER);
    }

    store() {
        const stored = read(this.key) || {};
        for (const [id, seq] of this.acknowledged) {
            if (stored[id] && stored[id].seq <= seq) {
                delete stored[id];
            }
        }
        for (const [id, change] of this.changes) {
            if (!stored[id] || stored[id].seq < change.seq) {
                stored[id] = change;
            }
        }
        write(this.key, Object.keys(stored).length ? stored : null);
    }

    schedule(delay) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.send(), delay);
    }

    /** Send all there is; one message at a time. */
    async send() {
        clearTimeout(this.timer);
        if (this.sending) {
            return this.sending;
        }
        if (!this.size || this.stopped) {
            return;
        }
        this.sending = this.sendOnce();
        await this.sending;
        this.sending = null;
        this.onChange();
        if (this.size && !this.trouble && !this.stopped) {
            await this.send();
        }
    }

    async sendOnce() {
        const changes = [...this.changes.values()];
        this.onChange();
        const request = rpc(this.url, { changes }, { silent: true });
        // A phone between two antennas may wait for ever: ask again instead.
        const patience = setTimeout(() => request.abort(), GIVE_UP_AFTER);
        try {
            const result = await request;
            this.trouble = "";
            this.tries = 0;
            for (const change of changes) {
                this.acknowledged.set(change.offer_id, change.seq);
                if (this.changes.get(change.offer_id)?.seq === change.seq) {
                    this.changes.delete(change.offer_id);
                }
            }
            this.store();
            this.onResult(result, changes);
        } catch (error) {
            this.trouble = this.nameTrouble(error);
            const delay = Math.min(RETRY_FIRST * 2 ** this.tries++, RETRY_MOST);
            this.schedule(delay * (0.75 + Math.random() / 2));
        } finally {
            clearTimeout(patience);
        }
    }

    nameTrouble(error) {
        if (error.exceptionName === SESSION_EXPIRED || error.data?.name === SESSION_EXPIRED) {
            return "session";
        }
        if (error instanceof ConnectionLostError || !navigator.onLine || !error.data) {
            return "offline";
        }
        return "server";
    }

    /** Once everything has left, or cannot for now; whether it has. */
    async drain() {
        await this.send();
        return !this.size;
    }

    /** The page goes away: a last message that outlives it. Kept until answered. */
    flushOnLeave() {
        this.store();
        if (!this.size || this.stopped || !navigator.onLine) {
            return;
        }
        fetch(this.url, {
            method: "POST",
            keepalive: true,
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({
                jsonrpc: "2.0",
                method: "call",
                params: { changes: [...this.changes.values()] },
            }),
        }).catch(() => {});
    }

    /** Nothing can be saved any more; what was waiting is handed back. */
    stop() {
        const lost = [...this.changes.values()];
        this.stopped = true;
        clearTimeout(this.timer);
        for (const change of lost) {
            this.acknowledged.set(change.offer_id, change.seq);
        }
        this.changes.clear();
        this.store();
        return lost;
    }
}
