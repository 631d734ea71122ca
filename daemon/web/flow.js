// Power flow: a bus in the middle, sources on the left, consumers on the right, the battery below. Measured watts only.

import { attr, svg, text } from './dom.js';
import { watts } from './format.js';
import { words } from './words.js';

const least = 20; // W; below it counts as none

/// Returns what each line shows, from the picture's `power` and `battery`: `{sun: {watts, word, way}, …}`; `way`: in, out, none
/// or unknown. `unmeasured`: nothing measures sun, grid and house, so their 0 W are not values.
export function flows(power, battery, unmeasured) {
  const p = power || {};
  const line = (value, in_word, out_word) => {
    if (typeof value !== 'number') return { watts: null, word: words.flow.unknown, way: 'unknown' };
    if (Math.abs(value) < least) return { watts: 0, word: words.flow.none, way: 'none' };
    return { watts: Math.abs(value), word: value > 0 ? in_word : out_word, way: value > 0 ? 'in' : 'out' };
  };
  const measured = (one) => (unmeasured && one.watts < least ? { watts: null, word: words.flow.not_measured, way: 'unknown' } : one);
  const turned = (value) => (typeof value === 'number' ? -value : value);
  return {
    sun: measured(line(p.pv_w, '', '')),
    grid: measured(line(p.grid_w, words.flow.buying, words.flow.selling)),
    house: measured(line(turned(p.base_load_w), '', '')),
    loads: line(turned(p.allocated_w), '', ''),
    battery: line(turned((battery || {}).power_w), words.flow.discharging, words.flow.charging),
  };
}

/// Returns the flow in words: "Sun 8,450 W, House 1,850 W, …".
export function spoken(all, with_grid) {
  const names = ['sun', 'grid', 'battery', 'house', 'loads'].filter((name) => name !== 'grid' || with_grid);
  return words.flow.says(names.map((name) => {
    const one = all[name];
    const value = one.way === 'none' || one.way === 'unknown' ? one.word : [watts(one.watts), one.word].filter(Boolean).join(' ');
    return words.flow[name] + ' ' + value;
  }));
}

// Positions in a box of 328 by 200. The bus is at x = 164.
const spots = {
  sun: { line: 'M10 44H164', label: [10, 26, 'start'], value: [10, 66, 'start'], head: { in: [156, 44, 0], out: [16, 44, 180] } },
  grid: { line: 'M10 114H164', label: [10, 96, 'start'], value: [10, 136, 'start'], head: { in: [156, 114, 0], out: [16, 114, 180] } },
  house: { line: 'M164 44H318', label: [318, 26, 'end'], value: [318, 66, 'end'], head: { in: [172, 44, 180], out: [316, 44, 0] } },
  loads: { line: 'M164 114H318', label: [318, 96, 'end'], value: [318, 136, 'end'], head: { in: [172, 114, 180], out: [316, 114, 0] } },
  battery: { line: 'M164 134V168', label: [152, 162, 'end'], value: [164, 192, 'middle'], head: { in: [164, 143, 270], out: [164, 165, 90] } },
};

const nowhere = 'translate(-50 -50)'; // a line without a direction has no visible head

function line_of(name) {
  const place = spots[name];
  const path = svg('path', { class: 'flow-line', d: place.line });
  const head = svg('path', { class: 'flow-head', d: 'M-9 -7L3 0L-9 7Z', transform: nowhere });
  const value = svg('text', { class: 'flow-value', x: place.value[0], y: place.value[1], 'text-anchor': place.value[2] });
  const label = svg('text', { class: 'flow-label', x: place.label[0], y: place.label[1], 'text-anchor': place.label[2] }, words.flow[name]);
  const root = svg('g', { class: 'flow-part' }, path, head, label, value);
  return {
    root,
    update(one) {
      attr(root, 'data-way', one.way);
      const at = place.head[one.way];
      attr(head, 'transform', at ? `translate(${at[0]} ${at[1]}) rotate(${at[2]})` : nowhere);
      text(value, one.way === 'none' || one.way === 'unknown' ? one.word : [watts(one.watts), one.word].filter(Boolean).join(' '));
    },
  };
}

/// Returns `{root, update(live)}`. The grid has a line once it was reported.
export function flow() {
  const lines = {};
  Object.keys(spots).forEach((name) => {
    lines[name] = line_of(name);
  });
  const picture = svg('svg', { class: 'flow', viewBox: '0 0 328 200', role: 'img' }, svg('line', { class: 'flow-bus', x1: 164, x2: 164, y1: 24, y2: 134 }),
    Object.keys(lines).map((name) => lines[name].root));
  let grid_heard = false;
  return {
    root: picture,
    update(live) {
      const power = live.objects.get('power');
      const all = flows(power, live.objects.get('battery'), live.objects.has('alarm/house_not_measured'));
      grid_heard = grid_heard || Boolean(power && typeof power.grid_w === 'number');
      attr(lines.grid.root, 'visibility', grid_heard ? null : 'hidden');
      Object.keys(lines).forEach((name) => lines[name].update(all[name]));
      attr(picture, 'aria-label', spoken(all, grid_heard));
    },
  };
}
