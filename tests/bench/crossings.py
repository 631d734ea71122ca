#!/usr/bin/env python3
"""Measures voltd's reaction to a fatal voltage: from the GX's reply on the wire to the OFF on its way to the broker.

crossings.py PROGRAMS [--short] [--runs N] [--json]: the default site (GX 1 s), 201 crossings in 3 runs at random phases of the
poll, each answered by the fan's OFF of the stage `shutdown`; the fan restarts by itself when the voltage recovers. Each figure is
the median of the runs, with the worst crossing of all. The wait for the poll is shown separately.
"""
import argparse
import json
import os
import random
import sys
import threading
import time

from default_site import Site, median

GOALS = {"median": 1.5, "worst": 5.0}
BATTERY_UNIT, FATAL_CV, SOUND_CV = 225, 4390, 5230
FAN = b"heat-room/fan/level/set"


class Watch:
    """Records the first reply with the fatal voltage after arming, and the fan's first order after it."""

    def __init__(self, site):
        self.changed = threading.Condition()
        self.armed, self.reply_at, self.order_at, self.order = False, None, None, None
        site.gx.on_back, site.mqtt.on_forth = self.reply, self.message

    def arm(self):
        with self.changed:
            self.armed, self.reply_at, self.order_at = True, None, None

    def reply(self, frame, now):
        fatal = frame[6] == BATTERY_UNIT and FATAL_CV.to_bytes(2, "big") in frame[9:]
        with self.changed:
            if self.armed and self.reply_at is None and fatal:
                self.reply_at = now
                self.changed.notify_all()

    def message(self, packet, now):
        body = packet[1]
        size = int.from_bytes(body[:2], "big")
        if body[2:2 + size] != FAN:
            return
        with self.changed:
            self.order = body[-1:]
            self.order_at = now
            self.changed.notify_all()

    def wait(self, off, limit=30):
        """Returns true for an OFF with the reply that caused it (another thread may record it later), or for any other order."""
        def there():
            return self.order is not None and (self.order == b"0") == off and (not off or self.reply_at is not None)
        with self.changed:
            if not self.changed.wait_for(there, limit):
                sys.exit("crossings.py: the fan got no order")


def measure(options, seed):
    count = max((21 if options.short else 201) // options.runs, 1)
    # One sample is enough for a drop of any size: a drop of 8 V is not a spike here.
    edits = [("safe_state: auto", 'safe_state: "off"'), (r"(?m)^control:(.*)$", r"control:\1\n  spike_v: 10")]
    site = Site(options.programs, f"{os.path.dirname(os.path.abspath(__file__))}/../../schema/voltd.example.yaml", edits)
    own, poll = [], []
    try:
        watch = Watch(site)
        site.simulate("set", "voltage", "52.30")
        site.start_voltd()
        time.sleep(5)
        for _ in range(10):  # until the zone is known and the fan runs
            site.publish("voltd/solar-shack/zone/heat-room/fan/set", '{"override":"3","minutes":1440}')
            time.sleep(1)
            if watch.order not in (None, b"0"):
                break
        dice = random.Random(seed)
        for _ in range(count):
            watch.wait(off=False)
            time.sleep(dice.uniform(0.2, 1.2))
            watch.arm()
            crossed = time.monotonic()
            site.simulate("set", "voltage", f"{FATAL_CV / 100:.2f}")
            watch.wait(off=True)
            own.append(1000 * (watch.order_at - watch.reply_at))
            poll.append(1000 * (watch.reply_at - crossed))
            site.simulate("set", "voltage", f"{SOUND_CV / 100:.2f}")
    finally:
        site.end()
    own.sort(), poll.sort()
    return {"crossings": count, "fatal_reply_to_off_ms": {"median": round(own[count // 2], 2), "p90": round(own[count * 9 // 10], 2),
                                                          "worst": round(own[-1], 2)},
            "wait_for_the_poll_ms": {"median": round(poll[count // 2]), "worst": round(poll[-1])}}


def middle_of(runs):
    own, poll = "fatal_reply_to_off_ms", "wait_for_the_poll_ms"
    figures = {part: {name: median([run[part][name] for run in runs]) for name in runs[0][part]} for part in (own, poll)}
    figures[own]["worst_of_all"] = max(run[own]["worst"] for run in runs)
    return {"runs": len(runs), "crossings": sum(run["crossings"] for run in runs), **figures}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = middle_of([measure(options, 7 + run) for run in range(options.runs)])
    if options.json:
        print(json.dumps(figures))
        return
    own, poll = figures["fatal_reply_to_off_ms"], figures["wait_for_the_poll_ms"]
    print(f"reply with the fatal voltage -> OFF at the broker   median {own['median']:.2f} ms   p90 {own['p90']:.2f} ms   "
          f"worst {own['worst']:.2f} ms, of all {own['worst_of_all']:.2f} ms   (goals: {GOALS['median']:g} and {GOALS['worst']:g}; "
          f"{figures['crossings']} crossings in {figures['runs']} runs, medians; "
          f"before it the wait for the poll: median {poll['median']} ms, worst {poll['worst']} ms)")


main()
