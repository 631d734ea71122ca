import test from 'node:test';
import assert from 'node:assert';
import { clock_of, day_of, iso, offset_name, seconds, site_zone, stamp_of, ticks } from '../../../daemon/web/sitetime.js';

const angeles = site_zone('America/Los_Angeles', '2025-06-21T19:00:00Z', '2025-06-21T12:00:00');
const at = (text) => Date.parse(text) / 1000;
const labels = (from, to, room, zone) => ticks(at(from), at(to), room, zone).map((tick) => tick.label);

test('uses the zone offset of each day', () => {
  assert.equal(angeles.offset(at('2025-06-21T19:00:00Z')), -7 * 3600);
  assert.equal(angeles.offset(at('2025-01-21T19:00:00Z')), -8 * 3600);
});

test('uses the current offset for an unknown zone', () => {
  for (const name of [null, '', 'Mars/Olympus']) {
    const zone = site_zone(name, '2025-06-21T19:00:00Z', '2025-06-21T12:00:00');
    assert.equal(zone.offset(at('2025-01-21T19:00:00Z')), -7 * 3600);
  }
  assert.equal(site_zone(null, undefined, undefined).offset(0), 0);
});

test('reads midnight as hour 0 of the new day', () => {
  const t = at('2025-06-21T07:00:00Z');
  assert.equal(stamp_of(t, angeles.offset(t)), '2025-06-21 00:00:00');
});

test('places ticks at round site times', () => {
  assert.deepEqual(labels('2025-06-21T17:00:00Z', '2025-06-22T17:00:00Z', 8, angeles),
    ['12:00', '15:00', '18:00', '21:00', '06-22', '03:00', '06:00', '09:00']);
  assert.deepEqual(labels('2025-06-21T19:02:00Z', '2025-06-21T20:02:00Z', 6, angeles), ['12:10', '12:20', '12:30', '12:40', '12:50', '13:00']);
});

test('rounds ticks in a half-hour zone', () => {
  const zone = site_zone('Asia/Kolkata', '2025-06-21T19:00:00Z', '2025-06-22T00:30:00');
  assert.deepEqual(labels('2025-06-21T18:00:00Z', '2025-06-21T22:00:00Z', 4, zone), ['06-22', '01:00', '02:00', '03:00']);
});

test('keeps the starting offset on a clock change day', () => {
  // Clocks go forward at 10:00 UTC, and back in November at 09:00 UTC.
  assert.deepEqual(labels('2025-03-09T08:00:00Z', '2025-03-09T14:00:00Z', 6, angeles), ['03-09', '01:00', '02:00', '03:00', '04:00', '05:00', '06:00']);
  assert.deepEqual(labels('2025-11-02T07:00:00Z', '2025-11-02T12:00:00Z', 5, angeles), ['11-02', '01:00', '02:00', '03:00', '04:00', '05:00']);
});

test('places a month of ticks at site midnights', () => {
  const found = ticks(at('2025-03-01T12:00:00Z'), at('2025-03-29T12:00:00Z'), 6, angeles);
  for (const tick of found) assert.equal(clock_of(tick.t, angeles.offset(tick.t)), '00:00');
  assert.ok(found.length >= 3 && found.length <= 6);
});

test('places yearly ticks at firsts of months', () => {
  const found = labels('2024-05-20T12:00:00Z', '2025-06-21T12:00:00Z', 7, angeles);
  assert.deepEqual(found, ['2024-07', '2024-09', '2024-11', '2025-01', '2025-03', '2025-05']);
});

test('never places more ticks than fit', () => {
  for (const hours of [0.01, 1, 6, 24, 72, 720, 9600])
    for (const room of [1, 4, 12]) {
      const found = ticks(at('2025-02-03T04:05:06Z'), at('2025-02-03T04:05:06Z') + hours * 3600, room, angeles);
      assert.ok(found.length <= room + 1, hours + ' h in ' + room + ' gives ' + found.length);
    }
  assert.deepEqual(ticks(10, 10, 5, angeles), []);
});

test('formats names and stamps', () => {
  assert.equal(offset_name(0), 'UTC');
  assert.equal(offset_name(-7 * 3600), 'UTC−7');
  assert.equal(offset_name(5.5 * 3600), 'UTC+5:30');
  assert.equal(day_of(at('2025-06-21T19:00:00Z'), 0), '2025-06-21');
  assert.equal(iso(at('2025-06-21T19:00:00Z') + 0.7), '2025-06-21T19:00:00Z');
  assert.equal(seconds('garbage'), null);
});
