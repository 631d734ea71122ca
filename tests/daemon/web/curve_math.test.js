// Tests of the page's arithmetic of curve, fan and hours. The curve is compared with the readings in vectors.json, like the
// rules.
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { add_point, fan_level, histogram, move_point, soc_of, window_parts } from '../../../daemon/web/curve_math.js';

const vectors = JSON.parse(readFileSync(new URL('./vectors.json', import.meta.url)));
const points = [{ voltage: 45, soc: 0 }, { voltage: 50, soc: 40 }, { voltage: 56, soc: 100 }];

test('reads a curve like the rules', () => {
  for (const { points: curve, reads } of vectors.curves)
    for (const [voltage, soc] of reads) assert.strictEqual(soc_of(voltage, curve), soc, `${voltage} V`);
});

test('moves a point by whole steps between its neighbors', () => {
  assert.deepStrictEqual(move_point(points, 1, 51.237, 44.4)[1], { voltage: 51.25, soc: 44 });
  assert.deepStrictEqual(move_point(points, 1, 60, 120)[1], { voltage: 55.99, soc: 99.99 });
  assert.deepStrictEqual(move_point(points, 1, 1, -5)[1], { voltage: 45.01, soc: 0.01 });
  assert.deepStrictEqual(move_point(points, 0, 44.5, 30)[0], { voltage: 44.5, soc: 0 });
  assert.deepStrictEqual(move_point(points, 2, 57, 30)[2], { voltage: 57, soc: 100 });
});

test('adds a point halfway to the next one', () => {
  assert.deepStrictEqual(add_point(points, 1)[2], { voltage: 53, soc: 70 });
  assert.strictEqual(add_point(points, 2), null);
  assert.strictEqual(add_point([{ voltage: 24, soc: 0 }, { voltage: 24.01, soc: 100 }], 0), null);
});

test('skips gaps', () => {
  assert.deepStrictEqual(histogram([45, null, 45.5, 56, 99], 45, 56, 11), [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});

test('raises the fan linearly between its temperatures', () => {
  const zone = { temp_hot_ok: 35, temp_too_hot: 40, fan_speed_mode: 'auto' };
  assert.deepStrictEqual([30, 35, 35.7, 37.5, 39.9, 40, 44].map((t) => fan_level(t, zone, 10)), [1, 1, 1, 5, 10, 10, 10]);
  assert.strictEqual(fan_level(30, Object.assign({}, zone, { fan_speed_mode: 'fixed' }), 10), 10);
});

test('splits hours across midnight', () => {
  assert.deepStrictEqual(window_parts('10:00', '16:30'), [[600, 990]]);
  assert.deepStrictEqual(window_parts('18:00', '10:00'), [[0, 600], [1080, 1440]]);
  assert.deepStrictEqual(window_parts('18:00', '00:00'), [[1080, 1440]]);
  assert.deepStrictEqual(window_parts('07:00', '07:00'), [[0, 1440]]);
});
