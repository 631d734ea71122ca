import test from 'node:test';
import assert from 'node:assert';
import { level_bars, marks, run_bars, severity } from '../../../daemon/web/lanes.js';

const at = (text) => Date.parse(text) / 1000;
const from = at('2025-06-21T10:00:00Z');
const to = at('2025-06-21T11:00:00Z');
const flat = (bars) => bars.map((bar) => [bar.from - from, bar.to - from, bar.level]);

test('makes bars from runs within the range', () => {
  const runs = [
    { load: 'a', from: '2025-06-21T10:50:00Z', to: null },
    { load: 'a', from: '2025-06-21T10:10:00Z', to: '2025-06-21T10:20:00Z'},
    { load: 'a', from: '2025-06-21T09:00:00Z', to: '2025-06-21T10:05:00Z'},
    { load: 'a', from: '2025-06-21T08:00:00Z', to: '2025-06-21T09:00:00Z'},
    { load: 'b', from: '2025-06-21T10:00:00Z', to: null },
    { load: 'a', from: 'garbage', to: null },
  ];
  const bars = run_bars(runs, 'a', from, to);
  assert.deepEqual(flat(bars), [[0, 300, 1], [600, 1200, 1], [3000, 3600, 1]]);
  assert.deepEqual(bars.map((bar) => bar.open), [false, false, true]);
});

test('makes bars as high as the fan level', () => {
  const points = [['2025-06-21T10:00:00Z', '5'], ['2025-06-21T10:30:00Z', 'off'], ['2025-06-21T10:45:00Z', '10']];
  assert.deepEqual(flat(level_bars(points, from, to, 10)), [[0, 1800, 0.5], [2700, 3600, 1]]);
  assert.deepEqual(level_bars([], from, to, 10), []);
});

test('merges close marks under the most severe shape', () => {
  const decisions = [
    { load: 'a', at: '2025-06-21T10:30:00Z', to: 'on', reason: 'running'},
    { load: 'a', at: '2025-06-21T10:10:30Z', to: 'off', reason: 'shutdown'},
    { load: 'a', at: '2025-06-21T10:10:00Z', to: 'off', reason: 'voltage'},
    { load: 'b', at: '2025-06-21T10:10:00Z', to: 'off', reason: 'voltage'},
    { load: 'a', at: '2025-06-21T12:10:00Z', to: 'off', reason: 'voltage'},
  ];
  const found = marks(decisions, 'a', from, to, 60);
  assert.deepEqual(found.map((mark) => [mark.severity, mark.decisions.length, mark.t - from]), [['critical', 2, 615], ['info', 1, 1800]]);
});

test('ranks protections above limits and the rest', () => {
  assert.equal(severity({ reason: 'trip', to: 'off'}), 'critical');
  assert.equal(severity({ reason: 'voltage', to: 'off'}), 'warning');
  assert.equal(severity({ reason: 'running', to: 'on'}), 'info');
});
