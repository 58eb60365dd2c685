import { rpc } from "@web/core/network/rpc";

const RETRY = 5000;
const GIVE_UP_AFTER = 8000;
// A tablet that was shut for a day sends nothing any more: the referent's sheet counts.
const KEEP = 24 * 3600 * 1000;

/**
 * Badges on their way to the server, kept in the tablet's storage until answered. Each
 * has the time at which it happened; the server is told how long ago that is, so that
 * a tablet's wrong clock does not matter. A badge sent twice counts once.
 */
export class KioskQueue {
    constructor(key, url, onChange) {
        Object.assign(this, { key, url, onChange });
        this.badges = this.load();
    }

    load() {
        try {
            const stored = JSON.parse(localStorage.getItem(this.key)) || [];
            return stored.filter((badge) => Date.now() - badge.at < KEEP);
        } catch {
            return [];
        }
    }

    store() {
        try {
            localStorage.setItem(this.key, JSON.stringify(this.badges));
        } catch {
            // Private browsing: what is in memory is still sent.
        }
        this.onChange(this.badges.length);
    }

    async ask(badge, route = "badge") {
        const age = Math.max(Date.now() - badge.at, 0) / 1000;
        const request = rpc(
            `${this.url}/${route}`,
            { code: badge.code, age: age < 20 ? 0 : age },
            { silent: true }
        );
        const patience = setTimeout(() => request.abort(), GIVE_UP_AFTER);
        try {
            return await request;
        } finally {
            clearTimeout(patience);
        }
    }

    /** The answer, or null when the badge is kept for later. */
    async badge(code) {
        const badge = { code, at: Date.now() };
        // Written first: a tablet that dies while asking loses nothing.
        this.badges.push(badge);
        this.store();
        try {
            const answer = await this.ask(badge);
            if (answer.result !== "wait" && answer.result !== "revoked") {
                this.drop(badge);
                this.later(100);
            }
            if (answer.result === "wait") {
                // Told on the screen: typed again after the break.
                this.drop(badge);
            }
            return answer;
        } catch {
            this.later(RETRY);
            return null;
        }
    }

    drop(badge) {
        this.badges = this.badges.filter((other) => other !== badge);
        this.store();
    }

    later(delay) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.flush(), delay);
    }

    async flush() {
        while (this.badges.length && !this.busy) {
            const badge = this.badges[0];
            this.busy = true;
            try {
                const answer = await this.ask(badge);
                if (answer.result === "wait" || answer.result === "revoked") {
                    this.later((answer.retry || 60) * 1000);
                    return;
                }
                this.drop(badge);
            } catch {
                this.later(RETRY);
                return;
            } finally {
                this.busy = false;
            }
        }
    }

    stop() {
        clearTimeout(this.timer);
    }
}
