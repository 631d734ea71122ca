// View History: voltage, powers and a lane for each load over one time range, with the decisions as marks.

import { attr, el, fill, show, text } from './dom.js';
import { duration, volts, watts } from './format.js';
import { refusal } from './page.js';
import { button, card, register } from './view.js';
import { show_decision } from './decision.js';
import { history_table, save_csv } from './history_table.js';
import { draw_lane, lane_list, level_bars, marks, run_bars } from './lanes.js';
import { dygraphs, make } from './plot.js';
import { band, known, lines, powers, voltage, voltage_range } from './series.js';
import { clock_of, day_of, hour, iso, offset_name, seconds, site_zone, stamp_of } from './sitetime.js';
import { words } from './words_tools.js';

const ranges = [1, 6, 24, 72, 720, 9600];
const follow_ms = 60000;
const settle_ms = 400; // after a finger's last move
const most_marks = 300; // an answer with their inputs is less than 300 kB
const most_runs = 2000;
const points = 600;
const most_level = 10; // of a fan, unless its levels show more
const mark_room = 22; // pixels per mark

const looks = [
  { key: voltage, color: '--plot-voltage' },
  { key: 'power.pv_w', color: '--plot-pv' },
  { key: 'power.load_w', color: '--plot-load' },
  { key: 'battery.power_w', color: '--plot-battery', dash: [7, 3] },
  { key: 'power.grid_w', color: '--plot-grid', dash: [2, 3] },
];

/// Returns the window of an address: `h` hours, ending at `to`, or around `at`.
export function window_of(query, now) {
  const hours = ranges.indexOf(Number(query.h)) >= 0 ? Number(query.h) : 24;
  const to = query.to ? seconds(query.to) : null;
  const at = query.at ? seconds(query.at) : null;
  if (at !== null) return { hours, to: Math.min(now, Math.ceil(at + (hours * hour) / 2)), at };
  return { hours, to: to !== null && to < now ? Math.floor(to) : null, at: null };
}

class History {
  constructor(page, query) {
    this.page = page;
    this.asked = query;
    this.window = null; // {hours, to (null: live), at}
    this.zoom = null; // [from, to] selected by fingers or mouse
    this.data = { plot: null, runs: [], decisions: [], fans: {}, from: 0, to: 0, error: null };
    this.turn = 0;
    this.timers = {};
    this.hidden = new Set((page.remember.get('history-hidden') || '').split(' ').filter(Boolean));
    this.library = null;
    this.plots = [];
    this.build();
  }

  // ---- nodes

  build() {
    const said = words.history;
    this.range_buttons = ranges.map((hours) => button(said.ranges[hours], () => this.choose({ hours, to: this.window.to, at: null })));
    this.later = button('›', () => this.shift(1), null, { 'aria-label': said.later });
    this.now_button = button(said.to_now, () => this.choose({ hours: this.window.hours, to: null, at: null }));
    this.span = el('p', { class: 'history-span' });
    this.zone_note = el('p', { class: 'muted' });
    this.note = el('p', { class: 'notice-line', role: 'status' });
    this.zoom_button = button(said.all, () => this.set_zoom(null));
    this.table = history_table();
    this.table_button = button(said.as_table, () => this.swap());
    this.csv_button = button(said.csv, () => this.save());
    this.chosen = el('div', { class: 'chosen', 'aria-live': 'polite' });
    const head = el('div', { class: 'history-head' },
      el('div', { class: 'segments', role: 'group', 'aria-label': said.range_label }, this.range_buttons),
      el('div', { class: 'segments' }, button('‹', () => this.shift(-1), null, { 'aria-label': said.earlier }), this.later, this.now_button, this.zoom_button));
    this.drawings = this.build_drawings();
    this.root = el('div', { class: 'view history' }, head, this.span, this.zone_note, this.note, this.drawings,
      el('div', { class: 'history-table', hidden: true }, this.table.root), el('div', { class: 'row-buttons' }, this.table_button, this.csv_button));
    this.table_place = this.root.querySelector('.history-table');
  }

  build_drawings() {
    const said = words.history;
    const first = card(said.voltage);
    const second = card(said.power);
    const third = card(said.lanes);
    this.legends = [];
    this.times = [];
    this.plot_roots = [looks.slice(0, 1), looks.slice(1)].map((series, i) => {
      const place = [first, second][i].body;
      const keys = series.concat(i === 0 ? [{ key: 'thresholds', color: null }] : []);
      const plot = el('div', { class: 'plot', role: 'img' });
      const when = el('span', { class: 'readout-time' });
      this.times.push(when);
      place.appendChild(el('div', { class: 'legend' }, keys.map((one) => this.legend(one)), when));
      place.appendChild(plot);
      return plot;
    });
    second.body.appendChild(el('p', { class: 'muted' }, said.battery_sign));
    this.lane_root = el('div', { class: 'lanes' });
    this.marks_note = el('p', { class: 'muted' });
    [this.lane_root, this.chosen, this.marks_note].forEach((node) => third.body.appendChild(node));
    return el('div', { class: 'history-drawings' }, first.root, second.root, third.root);
  }

  legend(one) {
    const said = words.history;
    const value = el('span', { class: 'legend-value' });
    const swatch = one.color ? el('i', { class: 'swatch' + (one.dash ? ' dashed' : ''), 'data-series': one.color.slice(7), 'aria-hidden': 'true' })
      : el('i', { class: 'swatch dotted', 'aria-hidden': 'true' });
    const node = el('button', { type: 'button', class: 'legend-item', on: { click: () => this.toggle(one.key) } },
      swatch, el('span', null, one.color ? said.names[one.key] : said.thresholds), value);
    this.legends.push({ key: one.key, node, value });
    return node;
  }

  // ---- range

  now() {
    return seconds(this.page.live.at) || 0;
  }

  zone() {
    const preferences = this.page.known.preferences;
    return site_zone(preferences ? preferences.timezone : '', this.page.live.at, this.page.live.local);
  }

  // Returns the range itself, and its visible part.
  range() {
    const to = this.window.to === null ? this.now() : this.window.to;
    return [to - this.window.hours * hour, to];
  }

  seen() {
    return this.zoom || [this.data.from, this.data.to];
  }

  choose(wanted) {
    this.window = wanted;
    this.zoom = null;
    fill(this.chosen);
    const to = wanted.to === null ? '' : '&to=' + iso(wanted.to);
    window.history.replaceState(null, '', '#/history?h=' + wanted.hours + to);
    this.fetch();
  }

  shift(direction) {
    const step = (this.window.hours * hour) * direction;
    const to = this.range()[1] + step;
    this.choose({ hours: this.window.hours, to: to >= this.now() ? null : to, at: null });
  }

  set_zoom(range) {
    if (range && (range[1] - range[0] < 60 || !isFinite(range[0]))) return;
    this.zoom = range;
    this.plots.forEach((plot) => range && plot.range(range[0], range[1]));
    this.label();
    clearTimeout(this.timers.settle);
    this.timers.settle = setTimeout(() => this.fetch(), range ? settle_ms : 0);
    this.lanes_soon();
  }

  toggle(key) {
    if (this.hidden.has(key)) this.hidden.delete(key);
    else this.hidden.add(key);
    this.page.remember.set('history-hidden', Array.from(this.hidden).join(' '));
    this.draw_plots();
  }

  // ---- requests

  // Returns the visible part plus half of it on each side, so that data is ready for a moving finger.
  wanted() {
    if (!this.zoom) return this.range().map(Math.round);
    const span = this.zoom[1] - this.zoom[0];
    return [Math.floor(this.zoom[0] - span / 2), Math.min(Math.ceil(this.zoom[1] + span / 2), Math.round(this.now()) + 1)];
  }

  async fetch() {
    const turn = (this.turn += 1);
    const [from, to] = this.wanted();
    clearTimeout(this.timers.follow);
    this.timers.follow = setTimeout(() => this.follow(), follow_ms);
    const times = 'from=' + iso(from) + '&to=' + iso(to);
    this.root.setAttribute('aria-busy', 'true');
    const answer = await this.page.ask('GET', '/api/plot?' + times + '&series=' + [voltage].concat(powers).join(',') + '&points=' + points, { timeout: 15000 });
    if (turn !== this.turn) return;
    const fans = this.loads().filter((lane) => lane.kind === 'fan');
    const rest = await Promise.all([
      this.page.ask('GET', '/api/runs?' + times + '&limit=' + most_runs),
      this.page.ask('GET', '/api/decisions?' + times + '&limit=' + most_marks),
    ].concat(fans.map((lane) => this.page.ask('GET', '/api/history?' + times + '&series=' + encodeURIComponent(lane.series)))));
    if (turn !== this.turn) return;
    this.root.removeAttribute('aria-busy');
    this.take(answer, rest, fans, from, to);
  }

  take(answer, rest, fans, from, to) {
    const good = answer.status === 200 && answer.body && Array.isArray(answer.body.t);
    const list = (reply) => (reply.status === 200 && Array.isArray(reply.body) ? reply.body : []);
    const levels = {};
    fans.forEach((lane, i) => {
      const reply = rest[2 + i];
      levels[lane.key] = reply.status === 200 && reply.body && Array.isArray(reply.body.points) ? reply.body.points : [];
    });
    this.data = { plot: good ? answer.body : null, runs: list(rest[0]), decisions: list(rest[1]), fans: levels, from, to,
      error: good ? null : refusal(answer) || 'HTTP ' + answer.status };
    this.draw();
  }

  // Does not update while a mark has the focus, because that would redraw it.
  follow() {
    if (!this.lane_root.contains(document.activeElement) && !this.zoom && this.window.to === null && !document.hidden) this.fetch();
    else this.timers.follow = setTimeout(() => this.follow(), follow_ms);
  }

  // ---- drawing

  draw() {
    const plot = this.data.plot;
    this.label();
    show(this.drawings, plot !== null && this.table_place.hidden);
    [this.table_button, this.csv_button].forEach((node) => {
      node.disabled = plot === null;
    });
    if (plot === null) return;
    if (!this.table_place.hidden) this.table.show(plot, this.zone());
    this.draw_plots();
  }

  label() {
    const said = words.history;
    const zone = this.zone();
    const [from, to] = this.zoom || this.range();
    const offset = zone.offset(from);
    this.range_buttons.forEach((node, i) => attr(node, 'aria-pressed', String(ranges[i] === this.window.hours)));
    this.later.disabled = this.window.to === null;
    this.now_button.disabled = this.window.to === null && !this.zoom;
    show(this.zoom_button, this.zoom !== null);
    const end = day_of(from, offset) === day_of(to, offset) ? clock_of(to, offset) : day_of(to, offset) + ' ' + clock_of(to, offset);
    const whole = (clock) => el('span', null, clock);
    fill(this.span, this.zoom ? said.zoomed + ': ' : null, whole(day_of(from, offset) + ' ' + clock_of(from, offset)), ' ' + said.to + ' ', whole(end));
    const here = -60 * new Date(from * 1000).getTimezoneOffset();
    const notes = [said.zone(zone.name, offset_name(offset))];
    if (here !== offset) notes.push(said.zone_differs(offset_name(here)));
    if (zone.offset(to) !== offset && to - from <= 72 * hour) notes.push(said.zone_change);
    text(this.zone_note, notes.join(' '));
    const { plot, error } = this.data;
    const empty = plot && !looks.some((one) => known(plot, one.key));
    text(this.note, error ? said.failed(error) : empty ? said.no_rows : this.library === false ? said.no_plot : '');
  }

  thresholds() {
    const preferences = this.page.known.preferences;
    if (!preferences || this.hidden.has('thresholds')) return [];
    return Object.keys(words.history.threshold_names).filter((key) => typeof preferences[key] === 'number')
      .map((key) => ({ value: preferences[key], text: preferences[key].toFixed(2) + ' ' + words.history.threshold_names[key] }));
  }

  // Draws the parts besides the data: colors and names, which arrive or change later.
  look() {
    return [this.page.theme(), window.matchMedia('(prefers-color-scheme:dark)').matches].concat(this.loads().map((lane) => lane.name)).join();
  }

  draw_plots() {
    const plot = this.data.plot;
    if (!plot || !this.library || !this.table_place.hidden) return;
    if (this.plots.length === 0) this.make_plots();
    this.painted = this.look();
    const values = voltage_range(plot, this.thresholds().map((one) => one.value));
    this.plots[0].show(band(plot), this.seen(), values, [!this.hidden.has(voltage)]);
    this.plots[1].show(lines(plot, powers), this.seen(), null, powers.map((name) => !this.hidden.has(name)));
    this.readout(null);
    const [from, to] = this.seen().map((t) => stamp_of(t, this.zone().offset(this.seen()[0])));
    this.plot_roots.forEach((node, i) => node.setAttribute('aria-label', words.history.plot_label([words.history.voltage, words.history.power][i], from, to)));
    this.draw_lanes();
  }

  make_plots() {
    const shared = {
      zone: () => this.zone(),
      point: (t) => this.readout(t),
      moved: (from, to) => this.set_zoom([from, to]),
      drawn: () => this.lanes_soon(),
    };
    this.plots = [
      make(this.library, this.plot_roots[0], Object.assign({ series: looks.slice(0, 1), band: true, thresholds: () => this.thresholds() }, shared)),
      make(this.library, this.plot_roots[1], Object.assign({ series: looks.slice(1), band: false }, shared)),
    ];
  }

  // Shows the values under the pointer, or the newest, in the legend.
  readout(t) {
    const plot = this.data.plot;
    if (!plot) return;
    let at = plot.t.length - 1;
    if (t !== null) while (at > 0 && plot.t[at] > t) at -= 1;
    else while (at > 0 && !looks.some((one) => value_at(plot, one.key, 'mean', at) !== null)) at -= 1;
    this.legends.forEach((one) => {
      attr(one.node, 'aria-pressed', String(!this.hidden.has(one.key)));
      if (one.key === 'thresholds') return;
      const mean = value_at(plot, one.key, 'mean', at);
      text(one.value, one.key === voltage ? volts(mean) : watts(mean));
    });
    const when = t !== null && at >= 0 ? stamp_of(plot.t[at], this.zone().offset(this.seen()[0])) : '';
    this.times.forEach((node) => text(node, when));
  }

  // ---- lanes

  loads() {
    return lane_list(this.page.live.objects, (load) => this.page.known.name(load), words.history.lane);
  }

  lanes_soon() {
    window.cancelAnimationFrame(this.timers.lanes);
    this.timers.lanes = window.requestAnimationFrame(() => this.draw_lanes());
  }

  draw_lanes() {
    const area = this.plots.length ? this.plots[0].area() : null;
    if (!area || !this.data.plot) return;
    const [from, to] = this.seen();
    const place = (t) => area.x + ((t - from) / (to - from)) * area.w;
    const offset = this.zone().offset(from);
    const apart = ((to - from) / area.w) * mark_room;
    const lanes = this.loads().map((lane) => ({
      name: lane.name,
      bars: lane.kind === 'fan' ? level_bars(this.data.fans[lane.key] || [], from, to, most_level) : run_bars(this.data.runs, lane.key, from, to),
      marks: marks(this.data.decisions, lane.key, from, to, apart),
      label: (mark) => words.history.mark_label(lane.name, stamp_of(mark.t, offset), mark.decisions[0].text, mark.decisions.length),
    }));
    const idle = lanes.filter((lane) => lane.bars.length + lane.marks.length === 0).map((lane) => lane.name);
    fill(this.lane_root, lanes.filter((lane) => lane.bars.length + lane.marks.length > 0).map((lane) => el('div', { class: 'lane' },
      el('h3', { dir: 'auto' }, lane.name), draw_lane(lane, area.x + area.w + 8, place, (mark) => this.open_mark(mark)))),
    idle.length ? el('p', { class: 'muted', dir: 'auto' }, words.history.idle_lanes(idle.join(', '))) : null);
    const cut = this.data.decisions.length >= most_marks ? ' ' + words.history.cut_marks(most_marks) : '';
    text(this.marks_note, lanes.length === 0 ? words.history.no_loads : idle.length < lanes.length ? words.history.marks_key + cut : '');
  }

  open_mark(mark) {
    const offset = this.zone().offset(this.seen()[0]);
    const shown = mark.decisions.slice().reverse().slice(0, 20);
    fill(this.chosen, shown.map((decision) => show_decision(decision,
      stamp_of(seconds(decision.at), offset) + ' · ' + this.page.known.name(decision.load), this.page.unit)));
    this.chosen.scrollIntoView({ block: 'nearest' });
  }

  // ---- table

  swap() {
    const as_table = this.table_place.hidden;
    show(this.table_place, as_table);
    show(this.drawings, !as_table);
    text(this.table_button, as_table ? words.history.as_plot : words.history.as_table);
    this.draw();
    if (!as_table) this.plots.forEach((plot) => plot.resize());
  }

  save() {
    const zone = this.zone();
    save_csv(this.data.plot, zone, 'voltd-' + day_of(this.data.from, zone.offset(this.data.from)) + '.csv');
  }

  // ---- life cycle

  update(live) {
    if (this.window === null && live.at) {
      this.window = window_of(this.asked, this.now());
      this.label();
      this.fetch();
      dygraphs().then((library) => {
        this.library = library;
        this.draw_plots();
      }, () => {
        this.library = false;
        this.label();
      });
    }
    if (this.painted !== undefined && this.painted !== this.look()) this.draw_plots();
  }

  close() {
    clearTimeout(this.timers.follow);
    clearTimeout(this.timers.settle);
    window.cancelAnimationFrame(this.timers.lanes);
    this.turn += 1;
    this.plots.forEach((plot) => plot.close());
  }
}

function value_at(plot, name, kind, at) {
  const series = plot.series ? plot.series[name] : null;
  const value = series && Array.isArray(series[kind]) ? series[kind][at] : null;
  return typeof value === 'number' ? value : null;
}

register('history', (page, parameters) => {
  const history = new History(page, parameters.query);
  return { root: history.root, title: words.history.title, update: (live) => history.update(live), close: () => history.close() };
});
