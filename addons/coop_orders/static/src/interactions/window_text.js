/** Words and numbers of the order page. */

/** Without accents, ligatures nor capitals: "Œufs" is found by "oeufs". */
export function plain(text) {
    return text
        .toLowerCase()
        .replace(/œ/g, "oe")
        .replace(/æ/g, "ae")
        .replace(/[’'-]/g, " ")
        .normalize("NFD")
        .replace(/[\u0300-\u036f]/g, "");
}

/** The words of a search; a plural finds the singular. */
export function searchWords(text) {
    return plain(text)
        .split(/\s+/)
        .filter(Boolean)
        .map((word) => (word.length > 3 ? word.replace(/[sx]$/, "") : word));
}

/** A quantity as people type it ("1,5"), or null. */
export function readNumber(text) {
    const clean = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
    if (clean === "") {
        return 0;
    }
    return /^\d{0,5}(\.\d{0,3})?$/.test(clean) && clean !== "." ? Number(clean) : null;
}

/** "3 days left": how long until a deadline. */
export function countdownText(deadline, now, texts) {
    const seconds = Math.floor((deadline - now) / 1000);
    const minutes = Math.floor(seconds / 60);
    if (seconds < 0) {
        return texts.closed;
    }
    if (seconds < 120 && texts.seconds) {
        return texts.seconds.replace("%s", seconds);
    }
    if (minutes < 120) {
        return texts.minutes.replace("%s", minutes);
    }
    if (minutes < 48 * 60) {
        return texts.hours.replace("%s", Math.floor(minutes / 60));
    }
    return texts.days.replace("%s", Math.floor(minutes / 1440));
}

/** The server's time, whatever the device's own clock says or becomes. */
export class ServerClock {
    constructor(now) {
        this.set(now);
    }

    set(now) {
        this.base = new Date(now).getTime();
        this.since = performance.now();
    }

    now() {
        return new Date(this.base + performance.now() - this.since);
    }
}
