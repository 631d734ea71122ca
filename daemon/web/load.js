// Details of one load: the reason for its state, every gate, its output's report, today, and its last decisions.

import { attr, el, fill, keyed, show, text } from './dom.js';
import { celsius, dash, day, duration, minute, number, quantity, volts } from './format.js';
import { flip_words, measured, override_text, state_kind } from './cards.js';
import { button, card, guarded, register, state_mark } from './view.js';
import { words } from './words.js';

const load_words = words.load;

/// Returns the state of a gate: blocks, held, waived or passes.
export function stand_of(gate) {
  if (!gate.passes) return gate.hold ? 'held' : 'blocks';
  return gate.waived ? 'waived' : 'passes';
}

/// Sorts gates: blocking ones first, then held, waived, passing with numbers, and the rest. Otherwise keeps their order.
export function in_order(gates) {
  const weight = (gate) => {
    const stand = ['blocks', 'held', 'waived', 'passes'].indexOf(stand_of(gate));
    return stand === 3 && typeof gate.have !== 'number' ? 4 : stand;
  };
  return gates.map((gate, index) => ({ gate, index })).sort((a, b) => weight(a.gate) - weight(b.gate) || a.index - b.index).map((one) => one.gate);
}

/// Returns in words how far a gate is from its limit: missing or spare.
export function margin_of(gate, unit) {
  if (typeof gate.have !== 'number' || typeof gate.need !== 'number') return '';
  const kind = gate.unit === '°C' || gate.unit === 'C' ? 'K' : gate.unit;
  const apart = gate.have - gate.need;
  const gap = quantity(Math.abs(apart), kind, unit);
  if (apart === 0) return gap;
  if (gate.bound === 'at most') return apart > 0 ? load_words.over(gap) : load_words.spare(gap);
  return apart < 0 ? load_words.short(gap) : load_words.spare(gap);
}

/// Returns "at least 54.50 V", "at most 12,000 W".
export function limit_of(gate, unit) {
  const value = quantity(gate.need, gate.unit, unit);
  return gate.bound && typeof gate.need === 'number' ? gate.bound + ' ' + value : value;
}

const marks = { blocks: 'warning', held: 'moving', waived: 'plain', passes: 'on' };

// Returns a cell that shows its heading beside the number on a phone, where a row is a block.
function gate_cell(heading) {
  const value = el('span', { class: 'value' });
  const root = el('td', { class: 'number', role: 'cell' }, el('span', { class: 'phone-only muted', 'aria-hidden': 'true' }, heading + ' '), value);
  return {
    root,
    update(string) {
      attr(root, 'data-empty', string === '');
      text(value, string);
    },
  };
}

function gate_row(page, override) {
  const name = el('th', { scope: 'row', role: 'rowheader' });
  const [have, need, margin, left] = [load_words.have, load_words.need, load_words.margin, load_words.left].map(gate_cell);
  const mark = state_mark('off', '');
  const why = el('span', { dir: 'auto' });
  const root = el('tr', { role: 'row' }, name, have.root, need.root, margin.root, left.root, el('td', { class: 'gate-state', role: 'cell' }, mark.root));
  const more = el('tr', { class: 'gate-more', role: 'row', hidden: true }, el('td', { colspan: '6', role: 'cell' }, why));
  const update = (gate) => {
    const stand = stand_of(gate);
    attr(root, 'data-stand', stand);
    attr(root, 'title', gate.text);
    text(name, words.gates[gate.gate] || gate.gate);
    const known = typeof gate.have === 'number' || typeof gate.need === 'number';
    have.update(known ? quantity(gate.have, gate.unit, page.unit) : '');
    need.update(known ? limit_of(gate, page.unit) : '');
    margin.update(margin_of(gate, page.unit));
    left.update(typeof gate.left === 'number' ? duration(gate.left) : '');
    mark.update(marks[stand], stand === 'waived' ? (override() === 'on' ? load_words.waived : load_words.waived_other) : load_words[stand]);
    show(more, stand !== 'passes' && Boolean(gate.text));
    attr(root, 'class', more.hidden ? null : 'has-more');
    text(why, gate.text);
  };
  return { root, more, update };
}

/// Returns the table of gates: `{root, update(gates)}`. `override()` returns the override's order.
export function gate_table(page, override) {
  const body = el('tbody', { role: 'rowgroup' });
  const heading = (name, kind) => el('th', { scope: 'col', role: 'columnheader', class: kind }, name);
  const head = el('tr', { role: 'row' }, heading(load_words.gate), [load_words.have, load_words.need, load_words.margin, load_words.left].map((name) => heading(name, 'number')), heading(load_words.state));
  const root = el('table', { class: 'gates', role: 'table' }, el('thead', { role: 'rowgroup' }, head), body);
  const rows = new Map();
  let order = '';
  return {
    root,
    update(gates) {
      const sorted = in_order(gates);
      sorted.forEach((gate) => {
        if (!rows.has(gate.gate)) rows.set(gate.gate, gate_row(page, override));
        rows.get(gate.gate).update(gate);
      });
      const now = sorted.map((gate) => gate.gate).join(' ');
      if (now === order) return;
      order = now;
      fill(body, sorted.map((gate) => [rows.get(gate.gate).root, rows.get(gate.gate).more]));
    },
  };
}

/// Returns a list of names and values: `{root, update({name: value})}`. A value of null omits its row.
function pairs(names) {
  const values = {};
  const root = el('dl', { class: 'pairs' }, Object.keys(names).map((name) => {
    values[name] = el('dd', { class: 'value', dir: 'auto' });
    return el('div', null, el('dt', null, names[name]), values[name]);
  }));
  return {
    root,
    update(now) {
      Object.keys(values).forEach((name) => {
        show(values[name].parentNode, now[name] !== null && now[name] !== undefined);
        text(values[name], now[name]);
      });
    },
  };
}

function head_card(page, load) {
  const whole = card(null, { class: 'load-top' });
  const mark = state_mark('unknown', '');
  const since = el('span', { class: 'muted' });
  const chip = el('span', { class: 'chip accent', hidden: true });
  const draw = el('span', { class: 'value load-watts' });
  const sentence = el('p', { class: 'load-sentence value', dir: 'auto' });
  const flip = el('p', { class: 'muted', dir: 'auto' });
  const night = el('p', { dir: 'auto' });
  const act = button(words.now.override, () => page.use('override', (open) => open(page, load)), null, { 'data-change': true });
  fill(whole.body, el('div', { class: 'load-head' }, el('span', { class: 'load-state' }, mark.root, since, chip), draw), sentence, night, flip, load === 'charge' ? null : act);
  return {
    root: whole.root,
    update(now) {
      const state = now.state || now.wanted;
      mark.update(now.kind === 'charge' ? (state === 'allowed' ? 'on' : 'warning') : state_kind(state), words.states[state] || load_words[state] || state);
      text(since, now.since ? words.now.since(minute(now.since, page.zone)) : '');
      const override = override_text(now, page.zone);
      show(text(chip, override), override !== '');
      show(draw, now.kind === 'miner' || now.kind === 'heater');
      text(draw, measured(now.power_w, page.known.metered(load)));
      text(sentence, now.text);
      show(text(night, now.night), Boolean(now.night));
      text(flip, flip_words((now.flip || {}).text));
    },
  };
}

function output_card(page, load) {
  const whole = card(load_words.output);
  const name = el('p', { class: 'muted', dir: 'auto' });
  const list = pairs({ commanded: load_words.commanded, reported: load_words.reported, measured: load_words.measured, lease: load_words.lease, confirmed: load_words.confirmed });
  whole.body.appendChild(name);
  whole.body.appendChild(list.root);
  let wired = null;
  page.ask('GET', '/api/outputs', { quiet: true }).then((answer) => {
    if (answer.status === 200 && Array.isArray(answer.body)) wired = answer.body.find((one) => one.load === load) || {};
    page.refresh();
  });
  return {
    root: whole.root,
    update() {
      if (wired === null) return;
      show(list.root, Boolean(wired.id));
      if (!wired.id) {
        text(name, load_words.no_output);
        return;
      }
      const topic = 'output/' + wired.id;
      const now = page.live.objects.get(topic) || wired;
      text(name, [wired.id, wired.dialect, now.available === false ? load_words.unreachable : null].filter(Boolean).join(' · '));
      const level = typeof now.level === 'number' && wired.kind === 'level' ? ', ' + load_words.level(now.level) : '';
      const left = page.left(topic, now.lease_left_s);
      list.update({
        commanded: words.states[now.commanded] || now.commanded || dash, reported: (words.states[now.reported] || now.reported || dash) + level,
        measured: measured(now.measured_w, wired.meter !== false),
        lease: left !== null && now.lease === 'armed' ? load_words.lease_left(duration(left)) : load_words.leases[now.lease] || dash,
        confirmed: typeof now.confirmed_ms === 'number' ? number(now.confirmed_ms) + '\u00a0ms' : dash,
      });
    },
  };
}

function today_card(page, load) {
  const whole = card(load_words.today);
  const list = pairs({ starts: load_words.starts, runtime: load_words.runtime, temperature: load_words.temperature, limit: load_words.limit, sag: load_words.sag, carried_out: load_words.carried_out });
  whole.body.appendChild(list.root);
  return {
    root: whole.root,
    update(now) {
      const miner = Array.isArray(page.known.miners) ? page.known.miners.find((one) => one.slug === load) : null;
      const counted = typeof now.starts_today === 'number';
      const starts = miner && typeof miner.max_starts_per_hour === 'number' ? load_words.starts_of(now.starts_today, miner.max_starts_per_hour) : String(now.starts_today);
      list.update({
        starts: counted ? starts : null,
        runtime: typeof now.runtime_today_s === 'number' ? duration(now.runtime_today_s) : null,
        temperature: now.temperature_c === undefined ? null : celsius(now.temperature_c, page.unit),
        limit: now.limit_c === undefined ? null : celsius(now.limit_c, page.unit),
        sag: typeof now.sag_v === 'number' && now.kind === 'miner' ? (now.sag_learned ? load_words.sag_learned : load_words.sag_assumed)(volts(now.sag_v)) : null,
        carried_out: now.carried_out ? load_words.carried[now.carried_out] || now.carried_out : null,
      });
    },
  };
}

// ---- decisions

/// Returns the inputs of a decision as rows: `[{name, value, source, age, quality}]`.
export function input_rows(inputs, unit) {
  const all = inputs && typeof inputs === 'object' ? inputs : {};
  const rows = [];
  Object.keys(all).forEach((key) => {
    const one = all[key];
    const name = load_words.inputs_named[key] || key;
    if (one === null || typeof one !== 'object') {
      rows.push({ name, value: words.stages[one] || String(one === null ? dash : one), source: '', age: '', quality: '' });
      return;
    }
    const kind = /_w$/.test(key) ? 'W' : /_c$|^temperature/.test(key) ? '°C' : /_pct$/.test(key) ? '%' : 'V';
    const value = typeof one.used === 'number' ? one.used : one.value;
    const age = typeof one.age_s === 'number' ? duration(one.age_s) : '';
    rows.push({ name, value: quantity(value, kind, unit), source: one.source || '', age, quality: one.quality || '' });
    Object.keys(one.sources || {}).forEach((source) => {
      const part = one.sources[source] || {};
      rows.push({ name: '', value: quantity(part.v, kind, unit), source, age: typeof part.age_s === 'number' ? duration(part.age_s) : '', quality: part.quality || '' });
    });
  });
  return rows;
}

function decision_details(page, row) {
  const cell = (value, kind) => el('td', { class: kind, dir: 'auto' }, value);
  const inputs = el('table', null, el('thead', null, el('tr', null, [load_words.input, load_words.value, load_words.source, load_words.age, load_words.quality].map((name) => el('th', { scope: 'col' }, name)))),
    el('tbody', null, input_rows(row.inputs, page.unit).map((one) => el('tr', null, el('th', { scope: 'row' }, one.name), cell(one.value), cell(one.source), cell(one.age), cell(one.quality)))));
  const gates = Array.isArray(row.gates) ? row.gates : [];
  const table = gate_table(page, () => row.override || null);
  table.update(gates.map((gate) => Object.assign({}, gate, { left: gate.remaining_s })));
  return el('div', { class: 'decision-more' }, el('h3', null, load_words.inputs), el('div', { class: 'scroll', tabindex: '0' }, inputs),
    gates.length ? [el('h3', null, load_words.gates_then), table.root] : null);
}

function decision_row(page, row) {
  const place = el('div', { hidden: true });
  const open = el('button', { type: 'button', class: 'decision-head', 'aria-expanded': 'false', on: { click: () => {
    if (!place.firstChild) fill(place, decision_details(page, row));
    show(place, place.hidden);
    attr(open, 'aria-expanded', String(!place.hidden));
  } } }, el('time', { class: 'muted', datetime: row.at }, minute(row.at, page.zone), el('br'), day(row.at, page.zone)),
  el('span', { dir: 'auto' }, row.text || row.reason, row.shadow ? el('span', { class: 'chip' }, load_words.shadow) : null));
  return { root: el('li', null, open, place) };
}

function decisions_card(page, load) {
  const whole = card(load_words.decisions);
  const list = el('ul', { class: 'rows decisions' });
  const none = el('p', { class: 'muted', hidden: true }, load_words.no_decisions);
  whole.body.appendChild(list);
  whole.body.appendChild(none);
  const draw = keyed(list, (item) => decision_row(page, item.row));
  let asked = null;
  return {
    root: whole.root,
    update(now) {
      const key = [now.state, now.wanted, now.reason, typeof page.zone].join(' ');
      if (asked === key) return;
      asked = key;
      page.ask('GET', '/api/decisions?limit=10&load=' + encodeURIComponent(load), { quiet: true }).then((answer) => {
        const rows = answer.status === 200 && Array.isArray(answer.body) ? answer.body : [];
        show(none, rows.length === 0);
        draw(rows.map((row) => ({ key: row.at + row.to + page.zone, row })));
      });
    },
  };
}

// ---- view

function gates_card(page) {
  const whole = card(load_words.gates);
  let override = null;
  const table = gate_table(page, () => override);
  const none = el('p', { class: 'muted', hidden: true }, load_words.no_gates);
  whole.body.appendChild(table.root);
  whole.body.appendChild(none);
  return {
    root: whole.root,
    update(now) {
      override = now.override;
      const gates = Array.isArray(now.gates) ? now.gates : [];
      show(table.root, gates.length > 0);
      show(none, gates.length === 0);
      const gone = (performance.now() - now.heard) / 1000;
      table.update(gates.map((gate) => Object.assign({}, gate, { left: typeof gate.remaining_s === 'number' ? Math.max(0, gate.remaining_s - gone) : null })));
    },
  };
}

function links_card(page, load) {
  const settings = el('a', { class: 'button' }, load_words.to_settings);
  return {
    root: el('p', { class: 'choices' }, settings, el('a', { class: 'button', href: '#/history?h=24' }, load_words.to_history)),
    update() {
      const zone = page.known.zone(load.split('/')[0]);
      const miner = Array.isArray(page.known.miners) ? page.known.miners.find((one) => one.slug === load) : null;
      attr(settings, 'href', miner ? '#/settings/miners/' + miner.id : zone ? '#/settings/zones/' + zone.id : '#/settings/battery');
    },
  };
}

function open_load(page, parameters) {
  const load = parameters.path.slice(1).join('/');
  const root = el('div', { class: 'view load-view' });
  const unknown = el('p', { class: 'card', dir: 'auto', hidden: true }, load_words.unknown(load));
  const parts = [head_card, gates_card, output_card, today_card, decisions_card, links_card].map((make) => guarded(() => make(page, load)));
  const [head, gates, output, today, decisions, links] = parts.map((part) => part.root);
  const columns = el('div', { class: 'columns', hidden: true }, el('div', null, head, gates), el('div', null, output, today, decisions, links));
  fill(root, unknown, columns);
  const view = { root, title: page.known.name(load), update, tick, close() {} };
  let now = page.known.of(load) ? Object.assign({ heard: performance.now() }, page.known.of(load)) : null;
  let asking = false;
  let turn = null;

  function draw() {
    if (!now) return;
    show(columns, true);
    parts.forEach((part) => part.update(now));
  }
  async function ask() {
    asking = true;
    const answer = await page.ask('GET', '/api/explain/' + load.split('/').map(encodeURIComponent).join('/'), { quiet: true });
    asking = false;
    show(unknown, answer.status === 404);
    if (answer.status !== 200 || !answer.body || typeof answer.body !== 'object') return;
    now = Object.assign({ heard: performance.now() }, answer.body);
    if (now.name && view.title !== now.name) page.retitle(now.name);
    draw();
  }
  function update(live) {
    draw();
    if (asking || turn === live.turn) return;
    turn = live.turn;
    ask();
  }
  function tick() {
    if (!now) return;
    parts[1].update(now);
    parts[2].update(now);
  }
  return view;
}

register('load', open_load);
