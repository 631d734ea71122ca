// Tests that each name from the rules has its word on the page, and the page has no word for a removed name.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { grave, notable } from '../../../daemon/web/lanes.js';
import { words } from '../../../daemon/web/words.js';

const source = readFileSync(new URL('../../../rules/names.cpp', import.meta.url), 'utf8');

/// Returns the names of an enum of the rules, in order.
function names_of(type) {
  const found = Array.from(source.matchAll(new RegExp(`case ${type}::\\w+: return "(\\w+)"`, 'g')), (one) => one[1]);
  assert.ok(found.length > 1, type);
  return found;
}

for (const [type, said] of [['GateName', words.gates], ['Stage', words.stages], ['LoadState', words.states], ['SiteMode', words.modes], ['SiteMode', words.mode_lines],
  ['Lease', words.load.leases], ['ChargeMeans', words.load.carried]])
  test(`a word for each ${type}: ${Object.keys(said)[0]} …`, () => assert.deepEqual(Object.keys(said).sort(), names_of(type).sort()));

test('marks only reasons that the rules give', () => {
  const table = readFileSync(new URL('../../../rules/reason.hpp', import.meta.url), 'utf8');
  const rows = (pattern) => Array.from(table.matchAll(pattern), (one) => one[1]);
  const loads = rows(/\{Reason::\w+, "(\w+)"/g), shed = rows(/\{Reason::\w+, "(\w+)", true, true\}/g);
  assert.ok(shed.length > 1 && loads.length > shed.length);
  shed.forEach((reason) => assert.ok(grave.indexOf(reason) >= 0, reason));
  const reasons = loads.concat(names_of('ZoneReason'), names_of('ChargeReason'));
  grave.concat(notable).forEach((reason) => assert.ok(reasons.indexOf(reason) >= 0, reason));
  assert.deepEqual(grave.filter((reason) => notable.indexOf(reason) >= 0), []);
});
