import test from 'node:test';
import assert from 'node:assert';
import { band, csv, known, lines, sorted, table_rows, voltage, voltage_range } from '../../../daemon/web/series.js';
import { labels_of } from '../../../daemon/web/plot.js';
import { site_zone } from '../../../daemon/web/sitetime.js';

const zone = site_zone('America/Los_Angeles', '2025-06-21T19:00:00Z', '2025-06-21T12:00:00');
const plot = {
  t: [1750532400, 1750532430, 1750532460],
  series: {
    'battery.voltage_v': { unit: 'V', mean: [52.3, null, 52.5], min: [52.1, null, 52.4], max: [52.4, null, 52.6] },
    'power.pv_w': { unit: 'W', mean: [8450, null, 0] },
  },
};

test('keeps gaps and zeros distinct', () => {
  assert.deepEqual(band(plot)[1], [1750532430000, [null, null, null]]);
  assert.deepEqual(lines(plot, ['power.pv_w', 'power.grid_w']), [[1750532400000, 8450, NaN], [1750532430000, NaN, NaN], [1750532460000, 0, NaN]]);
  assert.equal(known(plot, 'power.pv_w'), true);
  assert.equal(known(plot, 'power.grid_w'), false);
});

test('uses a voltage without extremes as its own band', () => {
  assert.deepEqual(band({ t: [1], series: { [voltage]: { mean: [52] } } })[0], [1000, [52, 52, 52]]);
});

test('sorts rows without a value last', () => {
  const rows = table_rows(plot);
  assert.deepEqual(rows[0], [1750532400, 52.3, 52.1, 52.4, 8450, null, null, null]);
  assert.deepEqual(sorted(rows, 1, true).map((row) => row[1]), [52.5, 52.3, null]);
  assert.deepEqual(sorted(rows, 1, false).map((row) => row[1]), [52.3, 52.5, null]);
  assert.equal(rows[1][1], null);
});

test('writes both times to CSV and no formula', () => {
  const text = csv(['UTC', 'site', '=a,"b"'], [[1750532400, 52.3], [1750532430, null]], zone);
  assert.equal(text, 'UTC,site,"\'=a,""b"""\r\n2025-06-21T19:00:00Z,2025-06-21 12:00:00,52.3\r\n2025-06-21T19:00:30Z,2025-06-21 12:00:30,\r\n');
});

test('extends the voltage range to the nearest thresholds', () => {
  const range = voltage_range(plot, [44, 51.5, 53, 60]);
  assert.ok(range[0] < 51.5 && range[0] > 51 && range[1] > 53 && range[1] < 54);
  assert.equal(voltage_range({ t: [1], series: {} }, [50]), null);
});

test('drops a threshold label that a line would cross', () => {
  const at = (...ys) => labels_of(ys.map((y) => ({ text: String(y), y })), 0).map((one) => [one.text, one.base]);
  assert.deepEqual(at(100), [['100', 96]]);
  assert.deepEqual(at(10), [['10', 27]]);
  assert.deepEqual(at(100, 90), [['100', 117], ['90', 86]]);
  assert.deepEqual(at(100, 90, 80), [['100', 117], ['80', 76]]);
});
