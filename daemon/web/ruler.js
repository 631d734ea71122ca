// Thresholds along a vertical scale: a line leads from each field to its exact position, beside the current value.

import { el, fill, attr, svg } from './dom.js';
import { number } from './format.js';
import { number_field } from './fields.js';

const ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
const label_height = 22;

/// Returns the marks of a scale from `low` to `high`, at least `gap` px apart on `height` px.
export function tick_values(low, high, height, gap) {
  const step = ticks.find((size) => (size / (high - low)) * height >= gap) || 100;
  const values = [];
  for (let i = Math.ceil(low / step); i * step <= high && values.length < 200; i += 1) values.push(Number((i * step).toFixed(1)));
  return values;
}

/// Returns the voltage of the picture, or null.
export function voltage_now(page) {
  const battery = page.live.objects.get('battery');
  return battery && typeof battery.voltage_v === 'number' ? battery.voltage_v : null;
}

/// Returns a ruler. `options`: `names` from the highest to the lowest, `unit`, `step` of the buttons, `now()` (a number or null),
/// `context()` (`[{value, label}]` of values set elsewhere, named on wide pages).
export function ruler(form, options) {
  const scale = svg('svg', { class: 'scale', 'aria-hidden': 'true' });
  const rows = options.names.map((name) => number_field(form, name, { step: options.step, unit: options.unit, begin: options.now }));
  const list = el('div', { class: 'ruler-rows' }, rows);
  const root = el('div', { class: 'ruler' + (options.context ? ' with-context' : '') }, scale, list);
  let bad = [];
  let wanted = false;
  const draw = () => {
    wanted = false;
    if (root.isConnected === false || root.offsetHeight === 0) return;
    draw_scale({ form, options, scale, rows, bad, root, list });
  };
  const redraw = () => {
    if (!wanted) window.requestAnimationFrame(draw);
    wanted = true;
  };
  form.add({ fields: options.names, update(problems) {
    bad = problems.map((it) => it.field);
    redraw();
  } });
  window.addEventListener('resize', redraw);
  return { root, update: redraw, close: () => window.removeEventListener('resize', redraw) };
}

function range(values, pad) {
  const known = values.filter((value) => typeof value === 'number' && isFinite(value));
  if (known.length === 0) return null;
  const low = Math.min(...known), high = Math.max(...known);
  const room = Math.max((high - low) * pad, 0.5);
  return { low: low - room, high: high + room };
}

// Draws the scale. It takes the height of the fields. The height of `root` includes the scale itself, so it would never shrink.
function draw_scale({ form, options, scale, rows, bad, root, list }) {
  const height = list.offsetHeight, width = scale.getBoundingClientRect().width;
  const now = options.now();
  const context = options.context ? options.context().filter((it) => typeof it.value === 'number') : [];
  const own = options.names.map((name) => form.value(name));
  const bounds = range(own.concat(options.names.map((name) => form.draft.base[name]), [now], context.map((it) => it.value)), 0.03);
  if (!bounds) return;
  const y = (value) => 12 + ((bounds.high - value) / (bounds.high - bounds.low)) * (height - 24);
  const axis = Math.round(width - 36);
  attr(scale, 'viewBox', '0 0 ' + width + ' ' + height);
  attr(scale, 'height', height);
  const taken = typeof now === 'number' ? [y(now)] : [];
  const free = (place) => {
    if (taken.some((other) => Math.abs(other - place) < label_height)) return false;
    taken.push(place);
    return true;
  };
  const named = width > 120;
  const marks = named ? context : tick_values(bounds.low, bounds.high, height - 24, 40).map((value) => ({ value, label: number(value, value % 1 ? 1 : 0) }));
  fill(scale,
    svg('line', { class: 'axis', x1: axis, x2: axis, y1: 4, y2: height - 4 }),
    context.map((it) => svg('line', { class: 'tick', x1: axis - 6, x2: axis, y1: y(it.value), y2: y(it.value) })),
    marks.map((it) => [svg('line', { class: 'tick', x1: axis - 6, x2: axis, y1: y(it.value), y2: y(it.value) }),
      free(y(it.value)) ? svg('text', { class: 'tick-label', x: axis - 10, y: y(it.value) + 5 }, it.label) : null]),
    options.names.map((name, i) => leader({ form, name, row: rows[i], root, axis, width, y, bad: bad.indexOf(name) >= 0 })),
    typeof now === 'number' ? pointer(axis, y(now), number(now, options.unit === 'V' ? 2 : 1)) : null);
}

/// Draws a line from the position of a value on the axis to its field. A hollow mark shows the previous position.
function leader({ form, name, row, root, axis, width, y, bad }) {
  const value = form.value(name), base = form.draft.base[name];
  if (typeof value !== 'number' || !isFinite(value)) return null;
  const entry = row.querySelector('.entry').getBoundingClientRect();
  const middle = entry.top + entry.height / 2 - root.getBoundingClientRect().top;
  const changed = typeof base === 'number' && base !== value;
  const kind = bad ? 'bad' : changed ? 'changed' : '';
  const path = 'M' + axis + ',' + y(value) + ' l7,0 L' + (width - 9) + ',' + middle + ' L' + width + ',' + middle;
  return svg('g', { class: 'leader ' + kind }, svg('path', { d: path }), changed ? svg('circle', { class: 'before', cx: axis, cy: y(base), r: 4 }) : null,
    svg('circle', { cx: axis, cy: y(value), r: 4 }));
}

function pointer(axis, y, label) {
  return svg('g', { class: 'pointer' }, svg('path', { d: 'M' + (axis - 2) + ',' + y + ' l-8,-5 v10 Z' }),
    svg('text', { x: axis - 13, y: y + 5 }, label));
}
