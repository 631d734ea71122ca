// Voltage among its thresholds: a line from shutdown to absolute maximum, with each load's stop and start below. The layout is
// pure.

import { attr, fill, svg } from './dom.js';
import { number, volts } from './format.js';
import { words } from './words.js';

const text_width = 9.2; // px of one letter at 16 px, rounded up
const line_height = 20;
const most_loads = 8;

/// Returns the thresholds of the preferences, lowest first: `[{key, at}]`. Labels are placed in the order of `rank`.
export function thresholds_of(preferences) {
  const p = preferences || {};
  const all = [
    { key: 'shutdown', at: p.voltage_shutdown, rank: 1 }, { key: 'critical', at: p.voltage_critical_low, rank: 6 }, { key: 'low', at: p.voltage_low, rank: 3 },
    { key: 'restart', at: p.voltage_restart, rank: 7 }, { key: 'optimal_min', at: p.voltage_optimal_min, rank: 2 },
    { key: 'optimal_max', at: p.voltage_optimal_max, rank: 5 }, { key: 'float', at: p.voltage_float, rank: 4 },
    { key: 'absorption', at: p.voltage_absorption, rank: 8 }, { key: 'full', at: p.voltage_full, rank: 9 }, { key: 'max', at: p.battery_absolute_max, rank: 1 },
  ];
  return all.filter((one) => typeof one.at === 'number');
}

/// Returns the layout for a width in px: `{x(volts), marks: [{key, at, x}], labels: [{text, x, row, anchor}], loads: [...]}`. A
/// label that would touch another one moves to the second row, or is omitted.
export function layout(marks, loads, width) {
  const low = Math.min.apply(null, marks.map((one) => one.at));
  const high = Math.max.apply(null, marks.map((one) => one.at));
  const edge = 2;
  const x = (at) => edge + ((Math.min(high, Math.max(low, at)) - low) / (high - low || 1)) * (width - 2 * edge);
  const rows = [[], []];
  const labels = [];
  marks.slice().sort((a, b) => a.rank - b.rank).forEach((mark) => {
    const label = words.ruler[mark.key] + ' ' + number(mark.at, 1);
    const wide = label.length * text_width;
    const middle = x(mark.at);
    const begin = Math.min(Math.max(0, middle - wide / 2), width - wide);
    const row = rows.findIndex((taken) => taken.every(([from, to]) => begin > to + 6 || begin + wide < from - 6));
    if (row < 0) return;
    rows[row].push([begin, begin + wide]);
    const at_end = begin === width - wide;
    labels.push({ key: mark.key, text: label, x: at_end ? width : begin, row, anchor: at_end ? 'end' : 'start' });
  });
  return { low, high, x, labels, marks: marks.map((one) => Object.assign({ x: x(one.at) }, one)), rows: rows[1].length ? 2 : rows[0].length ? 1 : 0,
    loads: loads.slice(0, most_loads), more: Math.max(0, loads.length - most_loads) };
}

function load_rows(plan, top, width) {
  return plan.loads.map((load, index) => {
    const y = top + index * 30;
    const from = plan.x(load.stop);
    const to = plan.x(load.start);
    const kind = load.on ? 'vline-load on' : 'vline-load';
    const name_wide = load.name.length * text_width;
    const right = to + 8 + name_wide < width || width - to > from;
    const room = right ? width - to - 10 : from - 10;
    const letters = Math.max(3, Math.floor(room / text_width));
    const name = load.name.length > letters ? load.name.slice(0, letters - 1) + '…' : load.name;
    return svg('g', { class: kind },
      svg('title', null, words.ruler.load(load.name, volts(load.stop), volts(load.start))),
      svg('line', { x1: from, x2: to, y1: y, y2: y }),
      svg('line', { x1: from, x2: from, y1: y - 6, y2: y + 6 }),
      svg('path', { d: `M${to - 6} ${y - 6}L${to} ${y}L${to - 6} ${y + 6}Z` }),
      svg('text', { x: right ? to + 8 : from - 8, y: y + 5, 'text-anchor': right ? 'start' : 'end' }, name));
  });
}

function draw(root, plan, voltage, width) {
  const axis = 22;
  const labels_top = axis + 24;
  const loads_top = labels_top + plan.rows * line_height + 4;
  const height = loads_top + plan.loads.length * 30 - (plan.loads.length ? 8 : 12) + (plan.more ? 24 : 0);
  attr(root, 'height', height);
  attr(root, 'viewBox', `0 0 ${width} ${height}`);
  const parts = [svg('line', { class: 'vline-axis', x1: 0, x2: width, y1: axis, y2: axis })];
  const optimal = ['optimal_min', 'optimal_max'].map((key) => plan.marks.find((one) => one.key === key));
  if (optimal[0] && optimal[1]) parts.push(svg('rect', { class: 'vline-band', x: optimal[0].x, y: axis - 4, width: Math.max(0, optimal[1].x - optimal[0].x), height: 8 }));
  plan.marks.forEach((mark) => parts.push(svg('line', { class: 'vline-tick', x1: mark.x, x2: mark.x, y1: axis - 7, y2: axis + 7 },
    svg('title', null, words.ruler[mark.key] + ' ' + volts(mark.at)))));
  if (voltage !== null) {
    const at = plan.x(voltage);
    parts.push(svg('line', { class: 'vline-now', x1: at, x2: at, y1: axis - 10, y2: plan.loads.length ? height : axis + 10 }));
    parts.push(svg('path', { class: 'vline-now-head', d: `M${at - 8} 0h16L${at} 13Z` }));
  }
  plan.labels.forEach((label) => {
    const y = labels_top + label.row * line_height;
    parts.push(svg('text', { class: 'vline-label', x: label.x, y, 'text-anchor': label.anchor }, label.text));
  });
  const more = plan.more ? svg('text', { x: 0, y: height - 6 }, words.ruler.more(plan.more)) : null;
  fill(root, parts, load_rows(plan, loads_top, width), more);
}

/// Returns `{root, update({preferences, loads, voltage})}`. Redraws if something moved or the width changed.
export function ruler() {
  const root = svg('svg', { class: 'vline', role: 'img', width: '100%', height: 120 });
  let drawn = '';
  return {
    root,
    update(what) {
      const marks = thresholds_of(what.preferences);
      const width = Math.round(root.getBoundingClientRect().width);
      root.style.display = what.preferences && marks.length < 2 ? 'none' : ''; // reserves its space until they are known
      if (marks.length < 2 || width < 50) return;
      const known = typeof what.voltage === 'number' ? what.voltage : null;
      const key = JSON.stringify([width, known, marks, what.loads]);
      if (key === drawn) return;
      drawn = key;
      attr(root, 'aria-label', words.ruler.label(known === null ? words.common.no_value : volts(known), marks.length));
      draw(root, layout(marks, what.loads, width), known, width);
    },
  };
}
