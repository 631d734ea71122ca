// Rows of History: an answer of /api/plot as columns and rows, sorted, and as CSV. Uses no document and no clock.

import { stamp_of } from './sitetime.js';

export const voltage = 'battery.voltage_v';
export const powers = ['power.pv_w', 'power.load_w', 'battery.power_w', 'power.grid_w'];

const or_null = (value) => (typeof value === 'number' && isFinite(value) ? value : null);

function list(plot, name, kind) {
  const series = plot && plot.series ? plot.series[name] : null;
  const values = series ? series[kind] : null;
  return Array.isArray(values) ? values : [];
}

export function known(plot, name) {
  return list(plot, name, 'mean').some((value) => or_null(value) !== null);
}

/// Returns [[ms, [min, mean, max]]]. A gap is three nulls.
export function band(plot) {
  const mean = list(plot, voltage, 'mean');
  const least = list(plot, voltage, 'min');
  const greatest = list(plot, voltage, 'max');
  return plot.t.map((t, i) => {
    const value = or_null(mean[i]);
    const low = or_null(least[i]);
    const high = or_null(greatest[i]);
    return [t * 1000, [low === null ? value : low, value, high === null ? value : high]];
  });
}

/// Returns [[ms, value, ...]] in the order of `names`. NaN breaks the line if there is no value.
export function lines(plot, names) {
  const columns = names.map((name) => list(plot, name, 'mean'));
  return plot.t.map((t, i) => [t * 1000].concat(columns.map((column) => {
    const value = or_null(column[i]);
    return value === null ? NaN : value;
  })));
}

/// Returns the table: a row for each time, null if nothing was measured.
export function table_rows(plot) {
  const sources = [[voltage, 'mean'], [voltage, 'min'], [voltage, 'max']].concat(powers.map((name) => [name, 'mean']));
  const columns = sources.map((source) => list(plot, source[0], source[1]));
  return plot.t.map((t, i) => [t].concat(columns.map((column) => or_null(column[i]))));
}

/// Returns a list sorted by one column. Rows without a value there are last in either direction.
export function sorted(rows, column, descending) {
  const sign = descending ? -1 : 1;
  return rows.slice().sort((a, b) => {
    const x = a[column];
    const y = b[column];
    if (x === null || y === null) return x === y ? a[0] - b[0] : x === null ? 1 : -1;
    return x === y ? a[0] - b[0] : sign * (x < y ? -1 : 1);
  });
}

// Escapes a cell that a spreadsheet would read as a formula.
function cell(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

/// Returns CSV by RFC 4180. Each time occurs twice: UTC for programs, the site's for people.
export function csv(head, rows, zone) {
  const out = [head.map(cell).join(',')];
  for (const row of rows) {
    const t = row[0];
    const times = [new Date(t * 1000).toISOString().slice(0, 19) + 'Z', stamp_of(t, zone.offset(t))];
    out.push(times.concat(row.slice(1)).map(cell).join(','));
  }
  return out.join('\r\n') + '\r\n';
}

/// Returns minimum and maximum of the shown voltages, with the nearest threshold on each side if it is within a volt.
export function voltage_range(plot, thresholds) {
  let least = Infinity;
  let greatest = -Infinity;
  for (const row of band(plot)) {
    if (row[1][1] === null) continue;
    least = Math.min(least, row[1][0]);
    greatest = Math.max(greatest, row[1][2]);
  }
  if (least > greatest) return null;
  const reach = (value) => value >= least - 1 && value <= greatest + 1;
  const near = thresholds.filter(reach);
  const low = Math.min.apply(null, near.concat(least));
  const high = Math.max.apply(null, near.concat(greatest));
  const room = Math.max(0.1, (high - low) * 0.06);
  return [low - room, high + room];
}
