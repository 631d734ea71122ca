// Polling of the site: one poll at a time, its result as a picture, and the state of the page. Independent of the browser: clock,
// timer and request are arguments, so that tests can replace them.

export const limits = {
  timeout: 4000, // ms for one poll
  gap: 2000, // ms between polls, unless the answer gives another value
  quick_gap: 500, // after the user's own order
  quick_for: 10000,
  idle_after: 600000, // ms without touch or key
  idle_gap: 5000,
  late: 3000, // ms over the gap
  cut: 15000,
  frozen: 10000, // ms in which `at` must change
  events: 50,
  backoff: [2000, 4000, 8000, 15000],
};

const is_object = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/// Returns a picture without any value.
export function nothing() {
  return {
    boot: null, turn: null, at: null, local: null, role: null, change: null, ui: null,
    objects: new Map(), heard: new Map(), events: [], state: 'loading', received: null,
  };
}

/// Returns the picture after an answer of /api/live, or null if the answer is invalid.
export function merged(before, body, now) {
  if (!is_object(body) || !is_object(body.objects) || typeof body.boot !== 'string' || typeof body.turn !== 'number') return null;
  const fresh = body.full === true || body.boot !== before.boot;
  if (fresh && body.full !== true) return null;
  const objects = fresh ? new Map() : new Map(before.objects);
  const heard = fresh ? new Map() : new Map(before.heard);
  const made = now - (isFinite(body.page_ms) ? Number(body.page_ms) : 0);
  Object.keys(body.objects).forEach((topic) => {
    if (!is_object(body.objects[topic])) return;
    objects.set(topic, body.objects[topic]);
    heard.set(topic, made);
  });
  (Array.isArray(body.gone) ? body.gone : []).forEach((topic) => {
    objects.delete(topic);
    heard.delete(topic);
  });
  const news = (Array.isArray(body.events) ? body.events : []).filter(is_object);
  const newest_first = news.slice().sort((a, b) => (String(a.at) < String(b.at) ? 1 : -1));
  return {
    boot: body.boot, turn: body.turn, at: body.at || null, local: body.local || null, role: body.role || null,
    change: body.change === undefined ? null : body.change, ui: body.ui || null, objects, heard,
    events: newest_first.concat(fresh ? [] : before.events).slice(0, limits.events), state: before.state, received: made,
  };
}

/// Returns the initial state of the link.
export function link(now) {
  return {
    picture: nothing(), begun: now, failures: 0, gap: limits.gap, moved: now, frozen: false, problem: null,
    problem_text: null, busy_until: 0, woken: false, quick_until: 0, touched: now,
  };
}

/// Processes an answer: `reply` is `{status, body, retry}`, status 0 if there was none. Returns the new link.
export function answered(before, reply, now) {
  const after = Object.assign({}, before, { problem: null, problem_text: null });
  if (reply.status === 200) {
    const picture = merged(before.picture, reply.body, now);
    if (picture) return Object.assign(after, taken(before, picture, reply.body, now));
    // Half an answer, or one of another boot without its objects: the next poll requests everything.
    after.picture = Object.assign({}, before.picture, { turn: null });
  }
  if (reply.status === 401 || reply.status === 403) return Object.assign(after, { problem: 'signed-out', failures: 0, woken: false });
  if (reply.status === 421) return Object.assign(after, { problem: 'refused-name', problem_text: sentence(reply.body), failures: 0 });
  if (reply.status === 503 && reply.retry > 0) return Object.assign(after, { busy_until: now + reply.retry * 1000, woken: false });
  if (reply.status === 503) return Object.assign(after, { problem: 'stuck', problem_text: sentence(reply.body), failures: 0 });
  return Object.assign(after, { failures: before.failures + 1, problem: before.problem === 'signed-out' ? 'signed-out' : null });
}

function taken(before, picture, body, now) {
  const moved = picture.at !== before.picture.at || picture.boot !== before.picture.boot ? now : before.moved;
  const gap = isFinite(body.next_ms) && body.next_ms >= 500 && body.next_ms <= 60000 ? Number(body.next_ms) : limits.gap;
  return { picture, failures: 0, gap, moved, frozen: now - moved > limits.frozen, busy_until: 0, woken: false };
}

function sentence(body) {
  if (is_object(body) && typeof body.error === 'string') return body.error;
  return typeof body === 'string' ? body.slice(0, 2000) : null;
}

/// Returns true if a role may change anything. `owner` has the token.
export const may_change = (role) => role === 'operate' || role === 'owner';

/// Returns the milliseconds since the newest picture was made, or null without one.
export const age = (now_link, now) => (now_link.picture.received === null ? null : now - now_link.picture.received);

/// Returns the state that the page shows (`data-state`). `ui` is the version that the page was loaded with.
export function state_of(now_link, now, ui) {
  const old = age(now_link, now);
  if (now_link.problem === 'signed-out' || now_link.problem === 'refused-name') return now_link.problem;
  if (old === null) return now_link.problem || 'loading';
  if (now_link.picture.ui && ui && now_link.picture.ui !== ui) return 'other-version';
  if (now_link.problem === 'stuck' || now_link.frozen) return 'stuck';
  if (now_link.failures >= 3 || old > limits.cut) return 'cut';
  if (now_link.busy_until > now) return 'busy';
  if (now_link.woken || old > gap_of(now_link, now) + limits.late) return 'late';
  return may_change(now_link.picture.role) ? 'live' : 'view-only';
}

function gap_of(now_link, now) {
  if (now_link.quick_until > now) return limits.quick_gap;
  return now - now_link.touched > limits.idle_after ? Math.max(limits.idle_gap, now_link.gap) : now_link.gap;
}

/// Returns the milliseconds until the next poll. `chance` is 0 to 1 and spreads pages that started together.
export function delay(now_link, now, chance) {
  if (now_link.busy_until > now) return now_link.busy_until - now;
  if (now_link.failures > 0) return limits.backoff[Math.min(now_link.failures, limits.backoff.length) - 1];
  if (now_link.problem) return limits.backoff[2];
  return Math.round(gap_of(now_link, now) * (0.9 + 0.2 * chance));
}

/// Returns the address of the next poll.
export function address(now_link, view) {
  const { boot, turn } = now_link.picture;
  const after = boot !== null && turn !== null ? '&after=' + encodeURIComponent(turn) + '&boot=' + encodeURIComponent(boot) : '';
  return '/api/live?view=' + (view === 'now' ? 'now' : 'all') + after;
}

/// Polls forever. `tools` are `{now(), random(), later(f, ms) -> id, cancel(id), ask(address, ms) -> Promise<reply>, hidden(),
/// view(), changed(link)}`.
export function poller(tools) {
  let current = link(tools.now());
  let timer = null;
  let asking = false;
  let until = null;

  const plan = () => {
    if (timer !== null) tools.cancel(timer);
    timer = tools.hidden() ? null : tools.later(poll, delay(current, tools.now(), tools.random()));
  };
  function poll() {
    timer = null;
    if (asking) return;
    asking = true;
    tools.ask(address(current, tools.view()), limits.timeout).then((reply) => {
      asking = false;
      current = answered(current, reply, tools.now());
      if (until && until(current.picture)) {
        until = null;
        current.quick_until = 0;
      }
      plan();
      tools.changed(current);
    });
  }
  const at_once = () => {
    if (timer !== null) tools.cancel(timer);
    poll();
  };
  return {
    start: at_once,
    /// Resumes when the page is visible again, or the network is back.
    wake() {
      if (age(current, tools.now()) > current.gap + limits.late) current = Object.assign({}, current, { woken: true });
      at_once();
    },
    sleep: plan,
    retry: at_once,
    touch() {
      current.touched = tools.now();
    },
    /// Polls more often, until `done(picture)` or for 10 s.
    hurry(done) {
      current.quick_until = tools.now() + limits.quick_for;
      until = done || null;
      at_once();
    },
    /// Makes the next answer complete, as after sign-in.
    forget() {
      current = Object.assign({}, current, { picture: Object.assign({}, current.picture, { turn: null }), problem: null });
      at_once();
    },
    link: () => current,
  };
}
