"""Say what is being done, and for how long, while another process does it."""

import shutil
import sys
import threading
import time
from pathlib import Path


def duration(seconds):
    """A length of time to read: `45 s`, `3 min 05 s`, `1 h 20 min`."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02} min"


class Progress:
    """A line for what goes on; on a terminal it counts the time by itself.

    The process at work may write a line for each of its phases to the file `notes`:
    each becomes a line here, with the time it took.

    :param beat: seconds between two looks at `notes` and the clock
    :param remind: seconds after which a line is said again where there is no terminal
    """

    def __init__(self, label, notes=None, *, out=None, beat=0.5, remind=60):
        self.label = label
        self.notes = Path(notes) if notes else None
        self.out = out or sys.stdout
        self.beat, self.remind = beat, remind
        self._is_terminal = self.out.isatty()
        self._read = 0
        self._over = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self):
        if self.notes:
            self.notes.unlink(missing_ok=True)
        self._begin(f"{self.label}: starting" if self.notes else self.label)
        self._watch = threading.Thread(target=self._count, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, error, *_details):
        self._over.set()
        self._watch.join()
        if self.notes:
            self._read_notes()
        self._end("✓" if error is None else "✗")
        if self.notes:
            self.notes.unlink(missing_ok=True)

    def change(self, phase):
        """End the phase that goes on and begin `phase`, unless it is the same."""
        phase = f"{self.label}: {phase}"
        with self._lock:
            if phase != self._phase:
                self._end("✓")
                self._begin(phase)

    def _count(self):
        while not self._over.wait(self.beat):
            if self.notes:
                self._read_notes()
            with self._lock:
                spent = time.monotonic() - self._started
                if self._is_terminal:
                    self._show(f"    … {self._phase}, {duration(spent)}")
                elif spent > self._reminded + self.remind:
                    self._reminded = spent
                    self._write(f"    … {self._phase}, {duration(spent)}\n")

    def _read_notes(self):
        """Phases begun since the last look; a line that is being written waits."""
        if not self.notes.exists():
            return
        *lines, _unfinished = self.notes.read_text().split("\n")
        for line in lines[self._read :]:
            self.change(line)
        self._read = len(lines)

    def _begin(self, phase):
        self._phase, self._started, self._reminded = phase, time.monotonic(), 0
        if self._is_terminal:
            self._show(f"    … {phase}")
        else:
            self._write(f"    … {phase}\n")

    def _end(self, mark):
        spent = duration(time.monotonic() - self._started)
        line = f"    {mark} {self._phase} ({spent})"
        self._write(f"\r\033[K{line}\n" if self._is_terminal else f"{line}\n")

    def _show(self, line):
        # A line that is wider than the terminal could not be written over.
        width = shutil.get_terminal_size().columns - 1
        self._write(f"\r\033[K{line[:width]}")

    def _write(self, text):
        self.out.write(text)
        self.out.flush()
