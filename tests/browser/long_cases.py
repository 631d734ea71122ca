"""Page that is open for days: its nodes, listeners and memory do not grow. VOLT_DAYS=30 for a month; by default half a day."""
import os
import time

import world

days = float(os.environ.get("VOLT_DAYS", "0.5"))

# Runs the page's clock and timers as fast as possible, but stops them during a real request. /api/live is simulated, from the
# first real answer.
fast = """
(() => {
  let now = 0, id = 0, real = 0, goal = 0, reached = null;
  const timers = new Map(), fetched = new Map(), really = window.fetch.bind(window), later = window.setTimeout.bind(window);
  performance.now = () => now;
  const plan = (act, ms, again) => { id += 1; timers.set(id, {act, due: now + Math.max(0, ms || 0), again}); return id; };
  window.setTimeout = (act, ms) => plan(act, ms, 0);
  window.setInterval = (act, ms) => plan(act, ms, ms);
  window.clearTimeout = window.clearInterval = one => timers.delete(one);
  const channel = new MessageChannel();
  const next = () => channel.port2.postMessage(0);
  channel.port1.onmessage = () => {
    if (real > 0) return later(next, 1);
    let first = null, number = 0;
    timers.forEach((timer, at) => { if (first === null || timer.due < first.due) { first = timer; number = at; } });
    if (now >= goal || first === null) { if (reached) { reached(); reached = null; } return later(next, 5); }
    now = Math.max(now, first.due);
    if (first.again) first.due = now + first.again; else timers.delete(number);
    first.act();
    next();
  };
  next();
  window.advance = ms => new Promise(done => { goal = now + ms; reached = done; });
  window.polls = 0;
  let first = null, turn = 0;
  const reply = (status, body) => ({status, headers: {get: name => name === 'Content-Type' ? 'application/json' : null}, text: async () => body});
  const when = seconds => new Date(Date.parse(first.at) + seconds * 1000).toISOString().slice(0, 19);
  const live = () => {
    window.polls += 1;
    turn += 1;
    if (turn % 2000 > 1994) return reply(502, '');  // the way is cut for a while
    const full = turn === 1 || turn % 2000 === 0;
    const objects = full ? Object.assign({}, first.objects) : {}, seconds = now / 1000, gone = [];
    objects.battery = Object.assign({}, first.objects.battery, {voltage_v: 52 + Math.sin(seconds / 3600)});
    objects.power = Object.assign({}, first.objects.power, {pv_w: Math.round(4000 + 4000 * Math.sin(seconds / 7200))});
    Object.keys(first.objects).filter(topic => topic.startsWith('miner/')).forEach((topic, i) => {
      if (turn % 60 === i) objects[topic] = Object.assign({}, first.objects[topic], {state: turn % 120 < 60 ? 'on' : 'off', text: 'Turn ' + turn, since: when(seconds) + 'Z'});
    });
    if (turn % 500 === 0) objects['alarm/y' + turn % 7] = {severity: 'warning', text: 'Alarm ' + turn, remedy: 'Wait', since: when(seconds) + 'Z'};
    if (turn % 500 === 250) gone.push('alarm/y' + (turn - 250) % 7);
    return reply(200, JSON.stringify(Object.assign({}, first, {turn, at: when(seconds) + 'Z', local: when(seconds - 25200), full, objects, gone, page_ms: 0,
      change: Math.floor(turn / 5000), events: turn % 100 === 0 ? [{at: when(seconds) + 'Z', text: 'Event ' + turn}] : []})));
  };
  window.fetch = (path, options) => {
    const live_one = path.startsWith('/api/live');
    if (live_one && first) return Promise.resolve(live());
    const key = live_one ? 'live' : path;
    if (fetched.has(key)) return Promise.resolve(fetched.get(key));
    real += 1;
    return really(path, options).then(async answer => {
      const body = await answer.text();
      real -= 1;
      if (live_one && answer.status === 200) first = JSON.parse(body);
      if (!live_one) fetched.set(key, reply(answer.status, body));
      return reply(answer.status, body);
    }, lost => { real -= 1; throw lost; });
  };
})();
"""


class Long(world.Case):
    def figures(self):
        self.page.cdp("HeapProfiler.collectGarbage")
        found = {one["name"]: one["value"] for one in self.page.cdp("Performance.getMetrics")["metrics"]}
        return {"nodes": found["Nodes"], "listeners": found["JSEventListeners"], "kB": found["JSHeapUsedSize"] // 1000}

    def advance(self, some):
        self.page.driver.set_script_timeout(36000)
        self.page.driver.execute_async_script("window.advance(arguments[0]).then(arguments[1])", some * 86400000)

    def stays(self, view):
        script = self.page.cdp("Page.addScriptToEvaluateOnNewDocument", source=fast)["identifier"]
        self.page.cdp("Performance.enable")
        begun = time.monotonic()
        try:
            self.page.open(view)
            self.page.until(lambda: self.page.js("return document.body.getAttribute('data-link')") == "live", "the first answer", 30)
            self.advance(days / 4)
            early = self.figures()
            self.advance(days * 3 / 4)
            late, polls = self.figures(), self.page.js("return window.polls")
            print(f"\n{view}, {days} days in {time.monotonic() - begun:.0f} s: {polls} polls; after a quarter {early}, at the end {late}")
            self.assertGreater(polls, days * 86400 / 6)
            self.assertLess(late["nodes"], early["nodes"] * 1.2 + 200)
            self.assertLess(late["listeners"], early["listeners"] * 1.2 + 50)
            self.assertLess(late["kB"], early["kB"] * 1.2 + 500)
            self.assertFalse(self.page.has(".failed"))
            self.assertIn(self.page.state(), ("live", "late", "cut"))
        finally:
            self.page.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
            self.page.cdp("Performance.disable")

    def test_now_on_a_wall(self):
        self.page.shape((1280, 800), "dark")
        self.stays("#/?wall")

    def test_a_load(self):
        self.stays("#/load/primary-s21-revenue")
