// Sheets that change the current state: the override of a load, and the mode of the site. Both first show the effect.

import { attr, el, fill, show, text } from './dom.js';
import { duration, minute, minutes_to_midnight } from './format.js';
import { refusal } from './page.js';
import { button, register } from './view.js';
import { words } from './words.js';

const most_minutes = 1440;
const read_ms = 600;  // an order is possible once its text was visible for this long

/// Returns a row of buttons with one chosen: `choices` are `[{key, label}]`; `update(key)` marks it.
export function choice(label, choices, chosen) {
  const all = choices.map((one) => ({ key: one.key, root: button(one.label, () => chosen(one.key)) }));
  return {
    root: el('div', { class: 'choices', role: 'group', 'aria-label': label }, all.map((one) => one.root)),
    update: (key) => all.forEach((one) => attr(one.root, 'aria-pressed', String(one.key === key))),
    allow: (key, visible) => all.filter((one) => one.key === key).forEach((one) => show(one.root, visible)),
  };
}

const kind_of = (load) => (/\/fan$/.test(load) ? 'fan' : /\/heat$/.test(load) ? 'heat' : 'miner');

/// Returns the order for voltd, or null while the typed text is invalid. `state` is `{what, end, minutes, level}`.
export function body_of(state, local, most_level) {
  if (state.what === 'auto') return { override: 'auto' };
  const minutes = minutes_of(state, local);
  if (minutes === undefined) return null;
  if (state.what !== 'level') return { override: state.what, minutes };
  const level = /^\d+$/.test(state.level) ? Number(state.level) : -1;
  return level >= 0 && level <= most_level ? { override: level, minutes } : null;
}

/// Returns the minutes of the chosen end, null for none, or undefined if it is invalid.
export function minutes_of(state, local) {
  if (state.end === 'open') return state.what === 'off' ? null : undefined;
  if (state.end === 'midnight') return minutes_to_midnight(local) || undefined;
  if (state.end !== 'own') return Number(state.end);
  const own = /^\d+$/.test(state.minutes) ? Number(state.minutes) : 0;
  return own >= 1 && own <= most_minutes ? own : undefined;
}

/// Returns the seconds until time alone starts a load of `explain`, or null if something else must change, too.
export function starts_in(explain) {
  const blocking = (Array.isArray(explain.gates) ? explain.gates : []).filter((gate) => !gate.passes && !gate.waived);
  const times = blocking.map((gate) => gate.remaining_s);
  return times.length && times.every((time) => typeof time === 'number') ? Math.max(...times) : null;
}

/// Returns the result of a dry run in sentences.
export function would_text(page, state, answer, load) {
  if (answer.status === 0) return words.common.no_answer;
  if (answer.status !== 200) return refusal(answer) || words.common.unknown_error(answer.status);
  const orders = Array.isArray(answer.body.would) ? answer.body.would : [];
  const order_text = (one) => words.override.would_order(one.load ? page.known.name(one.load) : one.output, typeof one.order === 'number' ? words.load.level(one.order) : one.order, one.text);
  if (orders.length) return words.override.would_now(orders.map(order_text).join('; '));
  const object = page.live.objects.get('miner/' + load) || page.known.of(load) || {};
  // A running fan has a level.
  const now = object.state || (object.wanted && object.wanted !== 'off' ? 'on' : object.wanted);
  const explain = (load && answer.body.explain) || {};
  if (state.what === 'on' && now !== 'on') {
    if (!explain.text) return words.override.would_nothing;
    const seconds = starts_in(explain);
    return seconds === null ? words.override.would_not_start(explain.text) : words.override.would_start_in(duration(seconds), explain.text);
  }
  if (state.what === 'on') return words.override.would_nothing_on;
  return state.what === 'off' && now === 'off' ? words.override.would_nothing_off : words.override.would_nothing;
}

/// Returns when an order ends, in minutes of the site's time, or null for no end.
function end_of(page, body) {
  const local = Date.parse(String(page.live.local || '').replace(/Z$/, '') + 'Z');
  return body && body.minutes && isFinite(local) ? Math.floor(local / 60000) + body.minutes : null;
}

/// Returns the whole text: "Switch on until 15:04".
function button_text(page, state, body) {
  const shadow = (page.live.objects.get('site') || {}).commands === 'shadow';
  let label = words.override.button.auto;
  if (state.what !== 'auto' && body) {
    const at = end_of(page, body);
    const end = at === null ? '–' : minute(at * 60000, 0);
    if (state.what === 'level') label = words.override.button.level(body.override, end);
    else label = body.minutes === null ? words.override.button.off_open : words.override.button[state.what](end);
  }
  return shadow ? words.override.would_button(label) : label;
}

function lines_of(kind, what) {
  const w = words.override;
  if (what === 'auto') return [w.auto_line];
  if (what === 'off') return kind === 'fan' ? [w.never_fan_off] : [];
  return kind === 'fan' ? [w.waives_fan] : [kind === 'heat' ? w.waives_heat : w.waives, w.never];
}

function fields(state, most_level, changed) {
  const field = (label, key) => {
    const input = el('input', { inputmode: 'numeric', autocomplete: 'off', value: state[key], on: { input: () => {
      state[key] = input.value.trim();
      changed();
    } } });
    return el('label', { class: 'field' }, el('span', null, label), input);
  };
  return { minutes: field(words.override.own_minutes, 'minutes'), level: field(words.override.own_level(most_level), 'level') };
}

function most_level_of(page, load) {
  const zone = page.known.zone(load.split('/')[0]);
  return zone && zone.fan_max_level ? zone.fan_max_level : 0;
}

// State and actions of the sheet, independent of its nodes.
function dry_runs(page, load, show_text) {
  let turn = 0;
  return async (state, body) => {
    const mine = (turn += 1);
    if (!body) return show_text(words.override.bad_minutes);
    show_text(words.override.asking);
    const answer = await page.ask('POST', '/api/overrides/' + encode(load) + '?dry_run=1', { body });
    if (mine === turn) show_text(would_text(page, state, answer, load));
    return undefined;
  };
}

const encode = (load) => load.split('/').map(encodeURIComponent).join('/');

async function order(page, load, body, say) {
  const answer = await page.ask('POST', '/api/overrides/' + encode(load), { body, timeout: 12000 });
  if (answer.status !== 200) {
    say(answer.status === 0 ? words.common.no_answer : refusal(answer) || words.common.unknown_error(answer.status));
    return false;
  }
  const explain = (answer.body && answer.body.explain) || {};
  page.notice(words.override.done(page.known.name(load), [explain.text, answer.body.warning].filter(Boolean).join('. ') || '–'), { seconds: 12 });
  page.known.renew();
  page.hurry((live) => {
    const miner = live.objects.get('miner/' + load);
    return Boolean(miner) && miner.state === miner.wanted;
  });
  return true;
}

function open_override(page, load) {
  const kind = kind_of(load);
  const most_level = kind === 'fan' ? most_level_of(page, load) : 0;
  const state = { what: 'on', end: '60', minutes: '30', level: String(most_level) };
  const would = el('p', { class: 'would', 'aria-live': 'polite', dir: 'auto' });
  const lines = el('div', { class: 'muted' });
  const run = dry_runs(page, load, (sentence) => text(would, sentence));
  const w = words.override;
  const whats = ['auto', 'on', 'off'].concat(most_level > 1 ? ['level'] : []);
  const what = choice(w.choice, whats.map((key) => ({ key, label: w[key] })), (key) => set({ what: key }));
  const ends = [['15', w.minutes_15], ['30', w.minutes_30], ['60', w.minutes_60], ['240', w.minutes_240], ['midnight', w.midnight], ['own', w.own], ['open', w.open]];
  const end = choice(w.end, ends.map(([key, label]) => ({ key, label })), (key) => set({ end: key }));
  const own = fields(state, most_level, () => set({}));
  const end_part = el('div', null, el('h3', null, w.end), end.root, own.minutes);
  // Orders what the button says, until the end that it shows, however long the sheet was open. Past midnight it no longer means
  // the next one.
  const now = () => body_of(state, page.live.local, most_level);
  let shown = null;
  const as_shown = () => {
    const body = now();
    const later = end_of(page, body) - shown;
    if (!body || shown === null || later === 0) return body;
    return later > 0 && later < body.minutes ? Object.assign({}, body, { minutes: body.minutes - later }) : null;
  };
  const has_moved = () => {
    if (end_of(page, now()) === shown) return false;
    set(state.end === 'midnight' ? { end: '60' } : {});
    return true;
  };
  const act = button('', () => {
    const body = as_shown();
    if (!body) {
      has_moved();
      text(would, words.override.moved);
      return;
    }
    attr(act, 'aria-busy', 'true');
    order(page, load, body, (sentence) => text(would, sentence)).then((done) => {
      attr(act, 'aria-busy', null);
      if (done) handle.close();
    });
  }, 'primary wide-button', { 'data-change': true });
  const set = (part) => {
    Object.assign(state, part);
    if (state.what !== 'off' && state.end === 'open') state.end = '60';
    what.update(state.what);
    end.update(state.end);
    end.allow('open', state.what === 'off');
    show(end_part, state.what !== 'auto');
    show(own.minutes, state.end === 'own');
    show(own.level, state.what === 'level');
    const body = now();
    shown = end_of(page, body);
    text(act, button_text(page, state, body));
    attr(act, 'data-invalid', body ? null : 'true');
    act.disabled = !body || !page.canChange();
    fill(lines, lines_of(kind, state.what).map((line) => el('p', null, line)));
    run(state, body);
  };
  const content = el('div', { class: 'override' }, what.root, own.level, end_part, would, lines, act);
  const clock = setInterval(() => {
    if (!act.hasAttribute('aria-busy')) has_moved();
  }, 5000);
  const handle = page.sheet({ title: w.title(page.known.name(load)), content, closed: () => clearInterval(clock) });
  set({});
  return handle;
}

// ---- mode

open_override.mode = (page) => {
  const present = (page.live.objects.get('site') || {}).mode;
  let chosen = present;
  let sure = false, turn = 0, asked = 0;
  const would = el('p', { class: 'would', 'aria-live': 'polite', dir: 'auto' });
  const choices = ['aggressive', 'balanced', 'conservative', 'off'].map((mode) => ({
    mode,
    root: el('button', { type: 'button', class: 'button mode-choice', on: { click: () => set(mode) } }, el('b', null, words.modes[mode] + (mode === present ? ' · ' + words.mode.present : '')),
      el('span', null, words.mode_lines[mode])),
  }));
  const allow = (valid) => {
    attr(act, 'data-invalid', valid ? null : 'true');
    act.disabled = !valid || !page.canChange();
  };
  // Disables the button briefly, because a double tap must not order what the user could not read before.
  const let_read = (then) => {
    const mine = (turn += 1);
    allow(false);
    setTimeout(() => {
      if (mine !== turn) return;
      allow(true);
      then();
    }, read_ms);
  };
  const act = button('', async () => {
    if (chosen === 'off' && !sure) {
      sure = true;
      text(act, words.mode.sure(words.modes[chosen]));
      let_read(() => act.focus());
      return;
    }
    const answer = await page.ask('POST', '/api/mode', { body: { mode: chosen }, timeout: 12000 });
    if (answer.status !== 200) {
      text(would, answer.status === 0 ? words.common.no_answer : refusal(answer) || words.common.unknown_error(answer.status));
      return;
    }
    handle.close();
    page.notice(answer.body.warning || words.mode.done(words.modes[chosen]), { seconds: 12 });
    page.hurry((live) => (live.objects.get('site') || {}).mode === chosen);
  }, 'primary wide-button', { 'data-change': true });
  const set = async (mode) => {
    chosen = mode;
    sure = false;
    choices.forEach((one) => attr(one.root, 'aria-pressed', String(one.mode === mode)));
    allow(false);
    turn += 1;
    const mine = (asked += 1);
    text(act, words.mode.button(words.modes[mode] || mode));
    text(would, mode === present ? words.mode.is_present(words.modes[mode] || mode) : words.override.asking);
    if (mode === present) return;
    const waits = mode !== 'off';  // a person who stops everything does not wait for a slow voltd
    if (!waits) let_read(() => null);
    const answer = await page.ask('POST', '/api/mode?dry_run=1', { body: { mode } });
    if (mine !== asked) return;
    text(would, would_text(page, { what: 'mode' }, answer, ''));
    if (waits) let_read(() => null);
  };
  const handle = page.sheet({ title: words.mode.title, content: el('div', { class: 'override' }, choices.map((one) => one.root), would, act) });
  set(present);
  return handle;
};

register('override', open_override);
