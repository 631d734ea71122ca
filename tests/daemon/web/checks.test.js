// Tests of the page's checks against the daemon's own answers (vectors.json; tests/daemon/settings checks the daemon against the
// same file).
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as checks from '../../../daemon/web/checks.js';

const vectors = JSON.parse(readFileSync(new URL('./vectors.json', import.meta.url)));

test('gives the daemon sentences for each change', () => {
  for (const { table, change, errors } of vectors.changes) {
    const row = vectors.rows[table];
    const found = checks.problems_of(table, vectors.schemas[table], row, Object.assign({}, row, change));
    // The page marks every point of a curve; the daemon answers only the first.
    const said = found.slice(0, 'voltage_curve' in change ? 1 : found.length).map((it) => it.text);
    assert.deepStrictEqual(said, errors, JSON.stringify(change));
  }
});
