import test from 'node:test';
import assert from 'node:assert/strict';

import { changes_of } from '../../../daemon/web/whatif.js';

test('converts drafts to changes for voltd', () => {
  assert.deepEqual(changes_of({}), {});
  assert.deepEqual(changes_of({ preferences: { reserve_voltage: 51 }, 'miner_profiles/a': { start_voltage: 54 }, 'miner_profiles/b': { enabled: false },
    'hvac_zones/heat-room': { temp_too_hot: 38 } }), {
    preferences: { reserve_voltage: 51 }, miners: { a: { start_voltage: 54 }, b: { enabled: false } }, zones: { 'heat-room': { temp_too_hot: 38 } },
  });
});
