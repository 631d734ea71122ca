// Tests of settings history rows as changes.
import assert from 'node:assert';
import { test } from 'node:test';
import { grouped } from '../../../daemon/web/changes.js';

test('groups all rows of one edit', () => {
  const row = (change, id) => ({ change, id, at: '2026-01-01T00:00:00Z', who: 'voltctl pi' });
  const changes = grouped([row(9, 'a'), row(8, 'a'), row(8, 'b'), row(3, 'c')]);
  assert.deepStrictEqual(changes.map((it) => [it.key, it.rows.length]), [[9, 1], [8, 2], [3, 1]]);
});
