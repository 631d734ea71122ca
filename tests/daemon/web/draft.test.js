// Tests of drafts beside the loaded row: changes, reloads, and concurrent changes of the row.
import assert from 'node:assert';
import { test } from 'node:test';
import { Draft } from '../../../daemon/web/draft.js';

const row = { start_voltage: 54.5, stop_voltage: 53, name: 'Dump Load', curve: [{ voltage: 45, soc: 0 }] };

test('counts a restored value as unchanged', () => {
  const draft = new Draft(row, '5');
  draft.set('start_voltage', 55);
  draft.set('curve', [{ voltage: 45, soc: 0 }]);
  assert.deepStrictEqual(draft.changed(), ['start_voltage']);
  assert.strictEqual(draft.value('start_voltage'), 55);
  draft.set('start_voltage', 54.5);
  assert.deepStrictEqual(draft.changed(), []);
  assert.strictEqual(draft.kept(), null);
});

test('keeps edits over a reload with the current ETag', () => {
  const first = new Draft(row, '5');
  first.set('start_voltage', 55);
  const kept = JSON.parse(JSON.stringify(first.kept()));
  const second = new Draft(Object.assign({}, row, { name: 'Renamed' }), '9', kept);
  assert.deepStrictEqual(second.edits, { start_voltage: 55 });
  assert.strictEqual(second.value('name'), 'Renamed');
  assert.strictEqual(second.etag, '9');
  assert.deepStrictEqual(second.conflicts, []);
});

test('keeps both values of a conflict until one is chosen', () => {
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

test('updates an unresolved conflict with their newest value', () => {
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

test('drops an edit that equals the new value', () => {
  const draft = new Draft(row, '5');
  draft.set('start_voltage', 55);
  draft.rebase(Object.assign({}, row, { start_voltage: 55 }), '7');
  assert.deepStrictEqual(draft.changed(), []);
});

test('keeps an unresolved conflict over a reload', () => {
  const first = new Draft(row, '5');
  first.set('start_voltage', 55);
  const moved = Object.assign({}, row, { start_voltage: 56 });
  first.rebase(moved, '7');
  const kept = JSON.parse(JSON.stringify(first.kept()));
  const again = new Draft(moved, '7', kept);
  assert.deepStrictEqual(again.conflicts, [{ field: 'start_voltage', mine: 55, theirs: 56 }]);
});
