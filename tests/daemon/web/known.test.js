// Tests of data beside the picture: requested when it changed, and not at each poll while it fails.
import test from 'node:test';
import assert from 'node:assert/strict';
import { known_of } from '../../../daemon/web/known.js';

const live = (change, state) => ({ received: 1, change, objects: new Map([['miner/m', { state }]]) });

function bench(status) {
  const bed = { asked: [], refreshed: 0, status };
  const bodies = { '/api/preferences': { timezone: 'UTC' }, '/api/miners': [{ slug: 'm', name: 'Miner' }], '/api/hvac/zones': [{ slug: 'z', zone_name: 'Zone' }],
    '/api/outputs': [{ load: 'm', meter: true }, { load: 'z/fan', meter: false }], '/api/explain': { m: { name: 'Miner of the rules' } } };
  bed.known = known_of({
    ask(method, path) {
      bed.asked.push(path);
      return Promise.resolve({ status: bed.status, body: bed.status === 200 ? bodies[path] : { error: 'x' } });
    },
    refresh() {
      bed.refreshed += 1;
    },
  });
  bed.follow = async (picture) => {
    bed.known.follow(picture);
    await new Promise((resolve) => setImmediate(resolve));
  };
  bed.settings = () => bed.asked.filter((path) => path !== '/api/explain').length;
  return bed;
}

test('requests settings and explanations only when they change', async () => {
  const bed = bench(200);
  assert.equal(bed.known.name('m'), 'm');
  await bed.follow(live(1, 'off'));
  await bed.follow(live(1, 'off'));
  assert.equal(bed.settings(), 4);
  assert.equal(bed.asked.length, 5);
  assert.equal(bed.known.name('m'), 'Miner of the rules');
  assert.equal(bed.known.zone('z').zone_name, 'Zone');
  assert.deepEqual(['m', 'z/fan', 'x'].map(bed.known.metered), [true, false, true]);
  await bed.follow(live(2, 'on'));
  assert.equal(bed.settings(), 8);
  assert.equal(bed.asked.length, 10);
  bed.known.renew();
  await bed.follow(live(2, 'on'));
  assert.equal(bed.asked.length, 11);
});

test('requests nothing before the first picture', async () => {
  const bed = bench(200);
  await bed.follow({ received: null, change: 1, objects: new Map() });
  assert.equal(bed.asked.length, 0);
});

test('requests settings once for a viewer', async () => {
  const bed = bench(403);
  await bed.follow(live(1, 'off'));
  await bed.follow(live(1, 'off'));
  assert.equal(bed.settings(), 4);
  assert.deepEqual([bed.known.preferences, bed.known.miners], [{}, []]);
  assert.equal(bed.known.name('m'), 'm');
});

test('does not retry failed settings at each poll', async () => {
  const bed = bench(503);
  await bed.follow(live(1, 'off'));
  await bed.follow(live(1, 'off'));
  await bed.follow(live(1, 'off'));
  assert.equal(bed.settings(), 4);
  assert.equal(bed.known.preferences, null);
});

test('notices missing settings in an open view', async () => {
  const bed = bench(401);
  await bed.follow(live(undefined, 'off'));
  await bed.follow(live(undefined, 'off'));
  assert.equal(bed.settings(), 4);
  assert.deepEqual(bed.known.preferences, {});
});
