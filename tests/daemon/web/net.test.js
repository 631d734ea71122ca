// Tests of polling with a controlled clock: link states, gaps, back-off, deltas.
import test from 'node:test';
import assert from 'node:assert/strict';
import { address, answered, delay, limits, link, merged, nothing, poller, state_of } from '../../../daemon/web/net.js';

const full = (more) => Object.assign({ boot: 'a', turn: 5, at: '2025-06-21T19:00:00Z', local: '2025-06-21T12:00:00', page_ms: 100, ui: 'u1', change: 1, role: 'operate',
  full: true, objects: { battery: { voltage_v: 52.3 }, 'alarm/blind': { text: 'x' } }, gone: [], events: [], next_ms: 2000 }, more);
const good = (more) => ({ status: 200, body: full(more), retry: 0 });
const none = { status: 0, body: null, retry: 0 };

test('applies changes and removals of a delta', () => {
  const first = merged(nothing(), full(), 1000);
  assert.equal(first.received, 900);
  const next = merged(first, full({ turn: 6, full: false, objects: { battery: { voltage_v: 52.4 } }, gone: ['alarm/blind'], events: [{ at: '1', text: 'e' }] }), 3000);
  assert.equal(next.objects.get('battery').voltage_v, 52.4);
  assert.equal(next.objects.has('alarm/blind'), false);
  assert.equal(next.events.length, 1);
  assert.equal(first.objects.has('alarm/blind'), true, 'the picture before stays as it was');
  assert.equal(next.heard.get('battery'), 2900);
});

test('keeps the 50 newest events', () => {
  let picture = merged(nothing(), full(), 0);
  for (let i = 0; i < 60; i += 1) {
    picture = merged(picture, full({ turn: 6 + i, full: false, objects: {}, events: [{ at: '2025-06-21T19:00:' + String(i).padStart(2, '0') + 'Z' }] }), i);
  }
  assert.equal(picture.events.length, 50);
  assert.equal(picture.events[0].at, '2025-06-21T19:00:59Z');
});

test('rejects garbage', () => {
  [null, 'x', [], {}, { boot: 'a' }, full({ objects: [] }), full({ turn: 'x' }), full({ boot: 3 })].forEach((body) => assert.equal(merged(nothing(), body, 0), null));
  assert.equal(merged(merged(nothing(), full(), 0), full({ boot: 'b', full: false }), 0), null, 'another boot must bring everything');
  const odd = merged(nothing(), full({ objects: { battery: 5, power: null, site: { mode: 'off' } }, events: [null, 3], gone: 'x' }), 0);
  assert.deepEqual(Array.from(odd.objects.keys()), ['site']);
  assert.deepEqual(odd.events, []);
});

test('fails on a broken answer and requests everything', () => {
  let now = answered(link(0), good(), 0);
  assert.match(address(now, 'now'), /after=5&boot=a$/);
  now = answered(now, { status: 200, body: '<html>', retry: 0 }, 2000);
  assert.equal(now.failures, 1);
  assert.equal(address(now, 'now'), '/api/live?view=now');
  assert.equal(now.picture.objects.get('battery').voltage_v, 52.3, 'values stay');
});

test('derives live, late and cut from the age', () => {
  const now = answered(link(0), good({ page_ms: 0 }), 0);
  assert.equal(state_of(link(0), 10000, 'u1'), 'loading');
  assert.equal(state_of(now, 4900, 'u1'), 'live');
  assert.equal(state_of(now, 5100, 'u1'), 'late');
  assert.equal(state_of(now, 15001, 'u1'), 'cut');
});

test('cuts the link after three failed polls', () => {
  let now = answered(link(0), good(), 0);
  for (let i = 0; i < 3; i += 1) now = answered(now, none, 1000 + i);
  assert.equal(state_of(now, 1100, 'u1'), 'cut');
  now = answered(now, good({ turn: 6, at: '2025-06-21T19:00:02Z' }), 1200);
  assert.equal(state_of(now, 1300, 'u1'), 'live');
});

test('has states for 401, 421, 503 and another version', () => {
  const before = answered(link(0), good(), 0);
  assert.equal(state_of(answered(before, { status: 401, body: null, retry: 0 }, 10), 20, 'u1'), 'signed-out');
  const refused = answered(link(0), { status: 421, body: 'add it to api.hosts', retry: 0 }, 10);
  assert.equal(state_of(refused, 20, 'u1'), 'refused-name');
  assert.equal(refused.problem_text, 'add it to api.hosts');
  assert.equal(state_of(answered(before, { status: 503, body: { error: 'the control loop is late' }, retry: 0 }, 10), 20, 'u1'), 'stuck');
  const busy = answered(before, { status: 503, body: null, retry: 3 }, 10);
  assert.equal(state_of(busy, 20, 'u1'), 'busy');
  assert.equal(delay(busy, 20, 0.5), 2990);
  assert.equal(state_of(busy, 4000, 'u1'), 'live');
  assert.equal(state_of(before, 20, 'u2'), 'other-version');
  const as = (role) => state_of(answered(link(0), good({ role }), 0), 20, 'u1');
  assert.deepEqual(['operate', 'owner', 'propose', 'view', null].map(as), ['live', 'live', 'view-only', 'view-only', 'view-only']);
});

test('reports stuck while the time does not change', () => {
  let now = answered(link(0), good(), 0);
  for (let at = 2000; at <= 12000; at += 2000) now = answered(now, good({ turn: 6, full: false }), at);
  assert.equal(state_of(now, 12100, 'u1'), 'stuck');
  now = answered(now, good({ turn: 7, full: false, at: '2025-06-21T19:00:12Z' }), 14000);
  assert.equal(state_of(now, 14100, 'u1'), 'live');
});

test('chooses gaps for answered, idle and failing polls', () => {
  const now = answered(link(0), good(), 0);
  assert.equal(delay(now, 0, 0), 1800);
  assert.equal(delay(now, 0, 1), 2200);
  assert.equal(delay(now, limits.idle_after + 1, 0.5), 5000);
  assert.equal(delay(answered(link(0), good({ next_ms: 5000 }), 0), 0, 0.5), 5000);
  assert.equal(delay(answered(link(0), good({ next_ms: -1 }), 0), 0, 0.5), 2000);
  let failing = now;
  const gaps = [1, 2, 3, 4, 5].map((at) => {
    failing = answered(failing, none, at);
    return delay(failing, at, 0.5);
  });
  assert.deepEqual(gaps, [2000, 4000, 8000, 15000, 15000]);
});

// Clock, timer and voltd of the test.
function bench(reply) {
  const bed = { time: 0, asked: [], hidden: false, timers: new Map(), next: 1, changes: 0, reply };
  bed.tools = {
    now: () => bed.time,
    random: () => 0.5,
    later(act, ms) {
      bed.timers.set(bed.next, { at: bed.time + ms, act });
      return bed.next++;
    },
    cancel: (id) => bed.timers.delete(id),
    ask(path) {
      bed.asked.push({ path, at: bed.time });
      return Promise.resolve(bed.reply(bed.asked.length));
    },
    hidden: () => bed.hidden,
    view: () => 'now',
    changed: () => {
      bed.changes += 1;
    },
  };
  bed.run = async (ms) => {
    const end = bed.time + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const due = Array.from(bed.timers.entries()).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due || due[1].at > end) break;
      bed.time = due[1].at;
      bed.timers.delete(due[0]);
      due[1].act();
    }
    bed.time = end;
  };
  return bed;
}

test('polls each 2 s, but not while hidden', async () => {
  const bed = bench((count) => good({ turn: count, at: String(count) }));
  const poll = poller(bed.tools);
  poll.start();
  await bed.run(10000);
  assert.equal(bed.asked.length, 6);
  bed.hidden = true;
  poll.sleep();
  await bed.run(3600000);
  assert.equal(bed.asked.length, 6);
  bed.hidden = false;
  poll.wake();
  assert.equal(bed.asked.length, 7);
  assert.equal(state_of(poll.link(), bed.time, 'u1'), 'cut', 'an hour old');
  await bed.run(100);
  assert.equal(state_of(poll.link(), bed.time, 'u1'), 'live');
});

test('runs one poll at a time', async () => {
  let answer;
  const bed = bench(() => new Promise((resolve) => {
    answer = resolve;
  }));
  const poll = poller(bed.tools);
  poll.start();
  poll.retry();
  poll.wake();
  assert.equal(bed.asked.length, 1);
  answer(good());
  await bed.run(2100);
  assert.equal(bed.asked.length, 2);
});

test('polls faster after an order, for at most 10 s', async () => {
  const bed = bench((count) => good({ turn: count, at: String(count) }));
  const poll = poller(bed.tools);
  poll.start();
  await bed.run(100);
  poll.hurry((picture) => picture.turn >= 6);
  await bed.run(4000);
  const quick = bed.asked.filter((one) => one.at > 0 && one.at < 2100).length;
  assert.ok(quick >= 4, String(quick));
  const before = bed.asked.length;
  poll.hurry(() => false);
  await bed.run(20000);
  assert.ok(bed.asked.length - before >= 20 && bed.asked.length - before <= 28, String(bed.asked.length - before));
});

test('requests everything after signing in', async () => {
  const bed = bench((count) => (count === 1 ? { status: 401, body: null, retry: 0 } : good({ turn: count })));
  const poll = poller(bed.tools);
  poll.start();
  await bed.run(50);
  assert.equal(state_of(poll.link(), bed.time, 'u1'), 'signed-out');
  poll.forget();
  await bed.run(50);
  assert.equal(bed.asked[1].path, '/api/live?view=now');
  assert.equal(state_of(poll.link(), bed.time, 'u1'), 'live');
});
