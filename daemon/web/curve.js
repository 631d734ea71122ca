// Curve editor: a table of points, and a picture in which they can be moved by pointer or arrow keys.

import { el, attr, fill, show, svg, text } from './dom.js';
import { number, volts } from './format.js';
import { button } from './view.js';
import { check_curve } from './checks.js';
import { add_point, histogram, move_point, soc_of } from './curve_math.js';
import { hint_of, number_input } from './fields.js';
import { tick_values, voltage_now } from './ruler.js';
import { words } from './words_settings.js';

const column = 'voltage_curve';
const chart_height = 300, left = 46, right = 12, top = 12, bottom = 34;
const bins = 60;
const week_s = 7 * 86400;

const sound = (points) => Array.isArray(points) && check_curve(column, points).length === 0;

/// Sets the points. The ends of the curve are two separate columns, which change with it.
function put(form, points) {
  const last = points[points.length - 1];
  form.set({ [column]: points, voltage_at_0_percent: points[0].voltage, voltage_at_100_percent: last.voltage });
}

/// Returns `{root, update(live), close()}`.
export function curve_editor(page, form) {
  const state = { form, picked: 0, week: null, voltage: null, dragging: null };
  const line = el('p', { class: 'live-line', dir: 'auto' });
  const picture = svg('svg', { class: 'curve', role: 'group', 'aria-label': words.curve.chart });
  const legend = el('p', { class: 'curve-legend' });
  const fault = el('p', { class: 'fault', 'aria-live': 'polite', dir: 'auto' });
  const table = points_table(form);
  const root = el('div', { 'data-field': column, class: 'curve-editor' }, line,
    el('div', { class: 'curve-parts' }, el('div', { class: 'curve-picture' }, picture, legend), table.root), fault, el('p', { class: 'hint' }, hint_of(form.schema(column))));
  const draw = () => {
    if (picture.getBoundingClientRect().width > 0) draw_picture(state, picture);
    say(state, line, legend);
  };
  let wanted = false;
  const redraw = () => {
    if (!wanted) window.requestAnimationFrame(() => {
      wanted = false;
      draw();
    });
    wanted = true;
  };
  form.add({ fields: [column, 'voltage_at_0_percent', 'voltage_at_100_percent'], update(problems) {
    table.update(problems);
    const general = problems.filter((it) => it.field === column).map((it) => it.text);
    show(text(fault, general.join(' ')), general.length > 0);
    redraw();
  } });
  hold(state, picture, draw);
  window.addEventListener('resize', redraw);
  read_week(page, state).then(redraw);
  return { root, close: () => window.removeEventListener('resize', redraw), update() {
    const voltage = voltage_now(page);
    if (voltage === state.voltage || state.dragging) return;
    state.voltage = voltage;
    redraw();
  } };
}

async function read_week(page, state) {
  const to = page.live.at ? Math.floor(Date.parse(page.live.at) / 1000) : Math.floor(Date.now() / 1000);
  const iso = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z';
  const path = '/api/plot?series=battery.voltage_v&points=2000&from=' + iso(to - week_s) + '&to=' + iso(to);
  const reply = await page.ask('GET', path, { quiet: true, timeout: 15000 });
  const series = reply.status === 200 && reply.body && reply.body.series && reply.body.series['battery.voltage_v'];
  state.week = series && Array.isArray(series.mean) ? series.mean.filter((value) => typeof value === 'number') : [];
}

// ---- picture

function frame_of(state, width) {
  const base = state.form.draft.base[column] || [], points = state.form.value(column);
  const all = base.concat(sound(points) ? points : []).map((point) => point.voltage).concat(state.voltage === null ? [] : [state.voltage]);
  const low = Math.floor(Math.min(...all) - 0.5), high = Math.ceil(Math.max(...all) + 0.5);
  const wide = width - left - right, tall = chart_height - top - bottom;
  return {
    width, low, high,
    x: (voltage) => left + ((voltage - low) / (high - low)) * wide,
    y: (soc) => top + (1 - soc / 100) * tall,
    voltage_at: (x) => low + ((x - left) / wide) * (high - low),
    soc_at: (y) => (1 - (y - top) / tall) * 100,
  };
}

function path_of(frame, points) {
  const at = (voltage, soc) => frame.x(voltage).toFixed(1) + ',' + frame.y(soc).toFixed(1);
  const inner = points.map((point) => at(point.voltage, point.soc));
  return 'M' + [at(frame.low, points[0].soc)].concat(inner, [at(frame.high, points[points.length - 1].soc)]).join(' L');
}

function grid(frame) {
  const lines = [0, 25, 50, 75, 100].map((soc) => [
    svg('line', { class: 'grid', x1: left, x2: frame.width - right, y1: frame.y(soc), y2: frame.y(soc) }),
    svg('text', { class: 'tick-label', x: left - 8, y: frame.y(soc) + 5 }, soc)]);
  const marks = tick_values(frame.low, frame.high, frame.width - left - right, 44).map((voltage) => [
    svg('line', { class: 'grid', x1: frame.x(voltage), x2: frame.x(voltage), y1: top, y2: chart_height - bottom }),
    frame.x(voltage) > frame.width - right - 16 ? null
      : svg('text', { class: 'tick-label middle', x: frame.x(voltage), y: chart_height - bottom + 22 }, number(voltage, voltage % 1 ? 1 : 0))]);
  return svg('g', { 'aria-hidden': 'true' }, lines, marks);
}

function bars(frame, week) {
  if (!week || week.length === 0) return null;
  const counts = histogram(week, frame.low, frame.high, bins);
  const most = Math.max(...counts, 1);
  const wide = (frame.x(frame.high) - frame.x(frame.low)) / bins;
  const full = (chart_height - top - bottom) * 0.4;
  return svg('g', { class: 'bars', 'aria-hidden': 'true' }, counts.map((count, i) => (count === 0 ? null : svg('rect', {
    x: (frame.x(frame.low) + i * wide).toFixed(1), width: Math.max(wide - 1, 1).toFixed(1), y: (chart_height - bottom - (count / most) * full).toFixed(1), height: ((count / most) * full).toFixed(1) }))));
}

function handle(state, frame, point, index, count) {
  const end = index === 0 || index === count - 1;
  return svg('g', { class: 'handle' + (end ? ' end' : ''), tabindex: '0', role: 'slider', 'data-point': index, 'aria-label': words.curve.point(index + 1),
    'aria-valuemin': frame.low, 'aria-valuemax': frame.high, 'aria-valuenow': point.voltage,
    'aria-valuetext': words.curve.value(volts(point.voltage), number(point.soc, point.soc % 1 ? 2 : 0) + ' %') },
  svg('circle', { class: 'reach', cx: frame.x(point.voltage), cy: frame.y(point.soc), r: 24 }),
  svg('circle', { class: 'dot', cx: frame.x(point.voltage), cy: frame.y(point.soc), r: 7 }));
}

function draw_picture(state, picture) {
  const points = state.form.value(column), base = state.form.draft.base[column];
  const frame = frame_of(state, Math.round(picture.getBoundingClientRect().width));
  state.frame = frame;
  const changed = JSON.stringify(points) !== JSON.stringify(base);
  const held = picture.contains(document.activeElement) ? document.activeElement.getAttribute('data-point') : null;
  attr(picture, 'viewBox', '0 0 ' + frame.width + ' ' + chart_height);
  attr(picture, 'height', chart_height);
  const now = state.voltage;
  fill(picture, grid(frame), bars(frame, state.week),
    now === null ? null : svg('line', { class: 'now', x1: frame.x(now), x2: frame.x(now), y1: top, y2: chart_height - bottom }),
    changed ? svg('path', { class: 'line before', d: path_of(frame, base) }) : null,
    sound(points) ? [svg('path', { class: 'line', d: path_of(frame, points) }), points.map((point, i) => handle(state, frame, point, i, points.length))] : null);
  const again = held === null ? null : picture.querySelector('[data-point="' + held + '"]');
  if (again) again.focus({ preventScroll: true });
}

function say(state, line, legend) {
  const points = state.form.value(column), base = state.form.draft.base[column];
  const reads = (curve) => number(soc_of(state.voltage, curve), 1) + '\u00a0%';
  const changed = sound(points) && JSON.stringify(points) !== JSON.stringify(base);
  if (state.voltage === null) text(line, words.curve.blind);
  else if (changed) text(line, words.curve.live_draft(volts(state.voltage), reads(base), reads(points)));
  else text(line, words.curve.live(volts(state.voltage), reads(base)));
  const key = (kind, word) => el('span', null, el('i', { class: 'curve-key ' + kind, 'aria-hidden': 'true' }), word);
  const week = state.week === null ? null : state.week.length ? key('bar', words.curve.week) : el('span', null, words.curve.no_week);
  fill(legend, changed ? [key('before', words.curve.in_force), key('new', words.curve.draft)] : key('new', words.curve.in_force), week);
}

// ---- moving points

function hold(state, picture, draw) {
  const move = (index, voltage, soc) => put(state.form, move_point(state.form.value(column), index, voltage, soc));
  const picked = (event) => {
    const node = event.target.closest ? event.target.closest('[data-point]') : null;
    return node && state.frame && !state.form.locked ? Number(node.getAttribute('data-point')) : null;
  };
  const follow = (at) => {
    const box = picture.getBoundingClientRect();
    move(state.dragging, state.frame.voltage_at(at.clientX - box.left), state.frame.soc_at(at.clientY - box.top));
    draw();
  };
  const by_mouse = (event) => follow(event);
  const by_touch = (event) => follow(event.touches[0]);
  const end = () => {
    state.dragging = null;
    window.removeEventListener('mousemove', by_mouse);
    window.removeEventListener('mouseup', end);
  };
  picture.addEventListener('mousedown', (event) => {
    state.dragging = picked(event);
    if (state.dragging === null) return;
    window.addEventListener('mousemove', by_mouse);
    window.addEventListener('mouseup', end);
  });
  // Each step redraws the handles, and a touch stays with the node where it began. Block scrolling of the page meanwhile.
  picture.addEventListener('touchstart', (event) => {
    state.dragging = event.touches.length === 1 ? picked(event) : null;
    if (state.dragging === null) return;
    event.preventDefault();
    event.target.addEventListener('touchmove', by_touch);
    ['touchend', 'touchcancel'].forEach((name) => event.target.addEventListener(name, end));
  }, { passive: false });
  picture.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const index = picked(event);
    if (!step || index === null) return;
    event.preventDefault();
    const point = state.form.value(column)[index];
    move(index, point.voltage + step[0], point.soc + step[1]);
    draw();
  });
}

// ---- table

function points_table(form) {
  const body = el('tbody');
  const full = el('p', { class: 'hint' }, words.curve.full);
  const root = el('div', { class: 'curve-table' }, el('table', null,
    el('thead', null, el('tr', null, el('th', { scope: 'col' }, el('span', { class: 'unseen' }, words.curve.points)),
      el('th', { scope: 'col' }, words.curve.voltage), el('th', { scope: 'col' }, words.curve.soc), el('td', null))), body), full);
  let rows = [];
  const change = (index, field) => (value) => {
    const points = form.value(column).map((point, i) => (i === index ? Object.assign({}, point, { [field]: value }) : point));
    put(form, points);
  };
  const rebuild = (count) => {
    rows = Array.from({ length: count }, (unused, index) => point_row(form, index, count, change));
    fill(body, rows.map((row) => row.root));
  };
  return { root, update(problems) {
    const points = form.value(column) || [];
    if (rows.length !== points.length) rebuild(points.length);
    show(full, points.length >= 32);
    rows.forEach((row, i) => row.update(points[i], problems.filter((it) => it.field.indexOf(column + '[' + i + ']') === 0)));
  } };
}

function point_row(form, index, count, change) {
  const end = index === 0 || index === count - 1;
  const named = (word) => ({ 'aria-label': words.curve.point(index + 1) + ', ' + word });
  const voltage = number_input({ type: 'number', minimum: 5, maximum: 150, multipleOf: 0.01 }, change(index, 'voltage'), named(words.curve.voltage));
  const soc = number_input({ type: 'number', minimum: 0, maximum: 100 }, change(index, 'soc'), Object.assign(named(words.curve.soc), { readonly: end }));
  const fault = el('p', { class: 'fault', dir: 'auto' });
  const add = button('+', () => {
    const points = add_point(form.value(column), index);
    if (points) put(form, points);
  }, null, { 'aria-label': words.curve.add_label(index + 1) });
  const remove = button('−', () => put(form, form.value(column).filter((unused, i) => i !== index)), null, { 'aria-label': words.curve.remove_label(index + 1) });
  const last = index === count - 1;
  const root = el('tr', null, el('th', { scope: 'row' }, String(index + 1)), el('td', null, voltage.input, fault), el('td', null, soc.input),
    el('td', { class: 'point-acts' }, el('div', null, last ? null : add, end ? null : remove)));
  return { root, update(point, problems) {
    voltage.show(point.voltage);
    soc.show(point.soc);
    add.disabled = !sound(form.value(column)) || !add_point(form.value(column), index);
    show(text(fault, problems.map((it) => it.text).join(' ')), problems.length > 0);
    attr(voltage.input, 'aria-invalid', problems.some((it) => /voltage$/.test(it.field)) ? 'true' : null);
    attr(soc.input, 'aria-invalid', problems.some((it) => /soc$/.test(it.field)) ? 'true' : null);
  } };
}
