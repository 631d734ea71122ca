import test from 'node:test';
import assert from 'node:assert';
import { facts, shown } from '../../../daemon/web/system.js';

test('formats a value by the unit in its key', () => {
  assert.equal(shown('uptime_s', 90061, 0), '1 d 1 h'.replace(/ (?=[dh])/g, '\u00a0'));
  assert.equal(shown('size_bytes', 12500000, 0), '12.5 MB');
  assert.equal(shown('turn_ms', 1.24, 0), '1.2 ms');
  assert.equal(shown('trusted', false, 0), 'no');
  assert.equal(shown('schema', 9, 0), '9');
});

test('shows a missing value as a dash', () => {
  for (const value of [null, undefined, '']) assert.equal(shown('size_bytes', value, 0), '–');
});

test('lists unknown keys after the known ones', () => {
  const rows = facts({ z_new_ms: 3, voltd: '0.1.0', days: [1] }, 0);
  assert.deepEqual(rows, [['voltd', '0.1.0'], ['z new', '3.0 ms']]);
});
