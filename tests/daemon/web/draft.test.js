// Drafts beside the row as loaded: what is changed, what survives a reload, and what happens when the row moves meanwhile.
import assert from 'node:assert';
import { test } from 'node:test';
import { Draft } from '../../../daemon/web/draft.js';

const row = { start_voltage: 54.5, stop_voltage: 53, name: 'Dump Load', curve: [{ voltage: 45, soc: 0 }] };

test('a field put back to its value is no change', () => {
  const draft = new Draft(row, '5');
  draft.set('start_voltage', 55);
  draft.set('curve', [{ voltage: 45, soc: 0 }]);
  assert.deepStrictEqual(draft.changed(), ['start_voltage']);
  assert.strictEqual(draft.value('start_voltage'), 55);
  draft.set('start_voltage', 54.5);
  assert.deepStrictEqual(draft.changed(), []);
  assert.strictEqual(draft.kept(), null);
});

test('a reload keeps the edits, and the ETag of the row as it is now', () => {
  const first = new Draft(row, '5');
  first.set('start_voltage', 55);
  const kept = JSON.parse(JSON.stringify(first.kept()));
  const second = new Draft(Object.assign({}, row, { name: 'Renamed' }), '9', kept);
  assert.deepStrictEqual(second.edits, { start_voltage: 55 });
  assert.strictEqual(second.value('name'), 'Renamed');
  assert.strictEqual(second.etag, '9');
  assert.deepStrictEqual(second.conflicts, []);
});

test('a field changed on both sides stands with both values until one is chosen', () => {
  const draft = new Draft(row, '5');
  draft.set('start_voltage', 55);
  draft.set('stop_voltage', 52);
  draft.set('name', 'Mine');
  draft.rebase(Object.assign({}, row, { start_voltage: 56, name: 'Mine' }), '7');
  assert.deepStrictEqual(draft.conflicts, [{ field: 'start_voltage', mine: 55, theirs: 56 }]);
  assert.deepStrictEqual(draft.changed(), ['start_voltage', 'stop_voltage']);
  draft.choose('start_voltage', false);
  assert.deepStrictEqual(draft.edits, { stop_voltage: 52 });
  assert.strictEqual(draft.value('start_voltage'), 56);
  assert.deepStrictEqual(draft.conflicts, []);
});

test('a conflict that was not answered survives a further move, with the newest value of theirs', () => {
  const draft = new Draft(row, '5');
  draft.set('start_voltage', 55);
  draft.rebase(Object.assign({}, row, { start_voltage: 56 }), '7');
  draft.rebase(Object.assign({}, row, { start_voltage: 57 }), '8');
  assert.deepStrictEqual(draft.conflicts, [{ field: 'start_voltage', mine: 55, theirs: 57 }]);
  draft.choose('start_voltage', true);
  draft.rebase(Object.assign({}, row, { start_voltage: 57, name: 'Other' }), '9');
  assert.deepStrictEqual(draft.conflicts, []);
  assert.deepStrictEqual(draft.edits, { start_voltage: 55 });
});

test('an edit that meets the same value there is over', () => {
  const draft = new Draft(row, '5');
  draft.set('start_voltage', 55);
  draft.rebase(Object.assign({}, row, { start_voltage: 55 }), '7');
  assert.deepStrictEqual(draft.changed(), []);
});

test('a conflict that was not answered survives a reload', () => {
  const first = new Draft(row, '5');
  first.set('start_voltage', 55);
  const moved = Object.assign({}, row, { start_voltage: 56 });
  first.rebase(moved, '7');
  const kept = JSON.parse(JSON.stringify(first.kept()));
  const again = new Draft(moved, '7', kept);
  assert.deepStrictEqual(again.conflicts, [{ field: 'start_voltage', mine: 55, theirs: 56 }]);
});
