// Lanes of History: bars and decision marks of each load and fan, as data, and drawn as SVG under the plots.

import { el } from './dom.js';
import { seconds } from './sitetime.js';

export const grave = ['shutdown', 'critical', 'emergency', 'blind', 'trip', 'overvoltage'];
export const notable = ['voltage', 'inverter', 'fault', 'budget', 'sensor_lost', 'cold'];

/// Returns the severity of a decision: a protection that acted, a limit that was reached, or normal.
export function severity(decision) {
  if (grave.indexOf(decision.reason) >= 0) return 'critical';
  return notable.indexOf(decision.reason) >= 0 ? 'warning' : 'info';
}

/// Returns the bars of a load from its runs. A running one ends with the range.
export function run_bars(runs, load, from, to) {
  const bars = [];
  for (const run of runs) {
    if (run.load !== load) continue;
    const begin = seconds(run.from);
    const end = run.to === null || run.to === undefined ? Infinity : seconds(run.to);
    if (begin === null || end === null || end <= from || begin >= to) continue;
    bars.push({ from: Math.max(begin, from), to: Math.min(end, to), level: 1, open: end === Infinity, run });
  }
  return bars.sort((a, b) => a.from - b.from);
}

// Returns the share for 'off', 'on', '7'.
function share(word, most) {
  if (word === null || word === undefined || word === 'off' || word === 'none') return 0;
  const level = Number(word);
  return isNaN(level) ? 1 : Math.max(0, Math.min(1, level / most));
}

/// Returns the bars of a fan from its levels: [[iso, level]]. The last one lasts to the end of the range.
export function level_bars(points, from, to, top) {
  const bars = [];
  const most = points.reduce((seen, point) => Math.max(seen, Number(point[1]) || 0), top);
  points.forEach((point, i) => {
    const begin = Math.max(from, seconds(point[0]));
    const next = i + 1 < points.length ? seconds(points[i + 1][0]) : to;
    const level = share(point[1], most);
    if (level > 0 && next > begin && begin < to) bars.push({ from: begin, to: Math.min(next, to), level, word: String(point[1]) });
  });
  return bars;
}

/// Returns the decisions of one lane as marks. Those closer than `apart` seconds to their neighbor share one, with their number
/// and the most severe of their shapes.
export function marks(decisions, load, from, to, apart) {
  const order = ['info', 'warning', 'critical'];
  const own = decisions.filter((decision) => decision.load === load)
    .map((decision) => ({ t: seconds(decision.at), decision }))
    .filter((one) => one.t !== null && one.t >= from && one.t <= to)
    .sort((a, b) => a.t - b.t);
  const groups = [];
  for (const one of own) {
    const last = groups[groups.length - 1];
    const level = severity(one.decision);
    if (last && one.t - last.end < apart) {
      last.end = one.t;
      last.decisions.push(one.decision);
      if (order.indexOf(level) > order.indexOf(last.severity)) last.severity = level;
    } else {
      groups.push({ t: one.t, end: one.t, severity: level, decisions: [one.decision] });
    }
  }
  return groups.map((group) => ({ t: (group.t + group.end) / 2, severity: group.severity, decisions: group.decisions }));
}

/// Returns the lanes of a site in order: miners, then heat and fan of each zone, then the charge guard.
export function lane_list(objects, name_of, said) {
  const lanes = [];
  objects.forEach((object, topic) => {
    const slug = topic.slice(topic.indexOf('/') + 1);
    if (topic.indexOf('miner/') === 0) lanes.push({ key: slug, kind: 'load', name: name_of(slug), order: 0 });
    if (topic.indexOf('zone/') !== 0) return;
    const zone = (part) => {
      const known = name_of(slug + '/' + part);
      return known === slug + '/' + part ? slug + ' ' + said[part] : known;
    };
    lanes.push({ key: slug + '/heat', kind: 'load', name: zone('heat'), order: 1 });
    lanes.push({ key: slug + '/fan', kind: 'fan', name: zone('fan'), series: topic + '.fan_wanted', order: 2 });
  });
  if (objects.has('charge')) lanes.push({ key: 'charge', kind: 'load', name: said.charge, order: 3 });
  return lanes.sort((a, b) => a.order - b.order);
}

const lane_height = 48;
const bar_height = 16;
const bar_top = 26;
const mark_top = 12;

const shapes = {
  critical: (x, y) => 'M' + (x - 6) + ' ' + (y - 6) + 'h12v12h-12z',
  warning: (x, y) => 'M' + x + ' ' + (y - 7) + 'l7 12.5h-14z',
  info: (x, y) => 'M' + (x - 5) + ' ' + y + 'a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z',
};

function draw_mark(mark, place, label, open, width) {
  const x = Math.round(place(mark.t));
  const count = mark.decisions.length;
  const inside = x + 9 + 10 * String(count).length < width;
  const act = () => open(mark);
  const key = (event) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      act();
    }
  };
  return el('g', { svg: true, class: 'mark mark-' + mark.severity, tabindex: '0', role: 'button', 'aria-label': label,
    on: { click: act, keydown: key } },
  el('rect', { svg: true, class: 'mark-target', x: String(x - 24), y: '0', width: '48', height: String(lane_height) }),
  el('path', { svg: true, d: shapes[mark.severity](x, mark_top) }),
  count > 1 ? el('text', { svg: true, x: String(inside ? x + 9 : x - 9), y: String(mark_top + 5), 'text-anchor': inside ? 'start' : 'end' }, String(count)) : null);
}

function draw_bar(bar, place) {
  const x = place(bar.from);
  const height = Math.max(2, bar.level * bar_height);
  return el('rect', { svg: true, class: 'bar', x: x.toFixed(1), y: (bar_top + bar_height - height).toFixed(1),
    width: Math.max(1, place(bar.to) - x).toFixed(1), height: height.toFixed(1) });
}

/// Returns one lane: {bars, marks, label(mark)}. `place` returns the x of a time; `open` is called with the chosen mark.
export function draw_lane(lane, width, place, open) {
  return el('svg', { svg: true, class: 'lane-drawing', width: String(width), height: String(lane_height), role: 'group',
    'aria-label': lane.name },
  el('line', { svg: true, class: 'lane-base', x1: '0', x2: String(width), y1: String(bar_top + bar_height), y2: String(bar_top + bar_height) }),
  ...lane.bars.map((bar) => draw_bar(bar, place)),
  ...lane.marks.map((mark) => draw_mark(mark, place, lane.label(mark), open, width)));
}
