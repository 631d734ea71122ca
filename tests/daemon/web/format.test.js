// Tests of numbers and times for a reader.
import test from 'node:test';
import assert from 'node:assert/strict';
import * as format from '../../../daemon/web/format.js';

const plain = (string) => string.replace(/\u00a0/g, ' ');

test('formats numbers with units', () => {
  assert.equal(plain(format.volts(52.306)), '52.31 V');
  assert.equal(plain(format.watts(3247)), '3,247 W');
  assert.equal(plain(format.watts(-0.2)), '0 W');
  assert.equal(plain(format.percent(65.3)), '65 %');
  assert.equal(plain(format.amps(12.12)), '12.1 A');
});

test('keeps numbers in sentences beside their units', () => {
  assert.equal(format.unbroken('1.49 V more: 54.50 V for 5 min, 65 % by 3 Volts'), '1.49\u00a0V more: 54.50\u00a0V for 5\u00a0min, 65\u00a0% by 3 Volts');
  assert.equal(format.unbroken('starts at 20.0 °C'), 'starts at 20.0\u00a0°C');
});

test('shows a missing value as dash, never 0', () => {
  [null, undefined, NaN, Infinity, '52', {}].forEach((value) => {
    ['volts', 'watts', 'percent', 'amps', 'celsius', 'duration', 'number'].forEach((name) => assert.equal(format[name](value), '–', name));
  });
  assert.equal(format.clock('nonsense', 'UTC'), '–');
  assert.equal(format.clock(null), '–');
});

test('converts temperatures to the owner unit', () => {
  assert.equal(plain(format.celsius(20, 'C')), '20.0 °C');
  assert.equal(plain(format.celsius(20, 'F')), '68.0 °F');
  assert.equal(plain(format.kelvin(10, 'F')), '18.0 °F');
});

test('limits durations to two parts', () => {
  assert.equal(plain(format.duration(8)), '8 s');
  assert.equal(plain(format.duration(250)), '4 min 10 s');
  assert.equal(plain(format.duration(3600)), '1 h');
  assert.equal(plain(format.duration(7500)), '2 h 5 min');
  assert.equal(plain(format.duration(273600)), '3 d 4 h');
  assert.equal(plain(format.duration(-3)), '0 s');
});

test('shows site times', () => {
  assert.equal(format.clock('2025-06-21T19:00:05Z', 'America/Los_Angeles'), '12:00:05');
  assert.equal(format.minute('2025-06-21T19:00:05Z', -420), '12:00');
  assert.equal(format.minute('2025-06-21T19:00:05Z', 'Not/AZone'), '19:00');
  assert.equal(format.minute('2025-06-21T00:00:00Z', 'UTC'), '00:00');
});

test('derives the zone of a picture without settings', () => {
  assert.equal(format.offset_of('2025-06-21T19:00:00Z', '2025-06-21T12:00:00'), -420);
  assert.equal(format.offset_of('2025-06-21T19:00:00Z', null), null);
  assert.equal(format.minutes_to_midnight('2025-06-21T12:00:00'), 720);
  assert.equal(format.minutes_to_midnight('2025-06-21T23:59:59'), 1);
  assert.equal(format.minutes_to_midnight(null), null);
});

test('formats gate values by their unit', () => {
  assert.equal(plain(format.quantity(53.01, 'V')), '53.01 V');
  assert.equal(plain(format.quantity(300, 's')), '5 min');
  assert.equal(plain(format.quantity(25, '°C', 'F')), '77.0 °F');
  assert.equal(plain(format.quantity(3, '')), '3');
  assert.equal(plain(format.quantity(9100, 'Wh')), '9,100 Wh');
});
