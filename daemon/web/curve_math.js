// Arithmetic of the voltage curve and the fan in whole steps, identical to rules/readings/curve.cpp and rules/zones/fan.cpp.
// Pure.

const hundredths = (value) => Math.round(value * 100);

/// Interpolates between two points, rounded to the nearest step.
function between(x, x0, y0, x1, y1) {
  const run = x1 - x0;
  return y0 + Math.trunc(((x - x0) * (y1 - y0) * 2 + run) / (2 * run));
}

/// Returns the state of charge in percent at a voltage. `points` are strictly increasing.
export function soc_of(voltage, points) {
  const v = hundredths(voltage);
  if (v <= hundredths(points[0].voltage)) return points[0].soc;
  for (let i = 1; i < points.length; i += 1) {
    const low = points[i - 1], high = points[i];
    if (v <= hundredths(high.voltage))
      return between(v, hundredths(low.voltage), hundredths(low.soc), hundredths(high.voltage), hundredths(high.soc)) / 100;
  }
  return points[points.length - 1].soc;
}

/// Returns the points with one moved by whole steps of 0.05 V and 1 %. It remains between its neighbors, and the ends remain at 0
/// and 100 %.
export function move_point(points, index, voltage, soc) {
  const last = points.length - 1;
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const low_v = index > 0 ? hundredths(points[index - 1].voltage) + 1 : 500;
  const high_v = index < last ? hundredths(points[index + 1].voltage) - 1 : 15000;
  const volts = clamp(Math.round(voltage * 20) * 5, low_v, high_v);
  let percent = index === 0 ? 0 : 10000;
  if (index > 0 && index < last)
    percent = clamp(Math.round(soc) * 100, hundredths(points[index - 1].soc) + 1, hundredths(points[index + 1].soc) - 1);
  return points.map((point, i) => (i === index ? { voltage: volts / 100, soc: percent / 100 } : point));
}

/// Returns the points with another one after `index`, halfway to the next one, or null if there is no whole step between them.
export function add_point(points, index) {
  if (points.length >= 32 || index < 0 || index >= points.length - 1) return null;
  const middle = (a, b) => Math.round((hundredths(a) + hundredths(b)) / 2);
  const low = points[index], high = points[index + 1];
  const v = middle(low.voltage, high.voltage), s = middle(low.soc, high.soc);
  if (v <= hundredths(low.voltage) || v >= hundredths(high.voltage) || s <= hundredths(low.soc) || s >= hundredths(high.soc)) return null;
  return points.slice(0, index + 1).concat([{ voltage: v / 100, soc: s / 100 }], points.slice(index + 1));
}

/// Returns how many of `values` (null: none) are in each of `count` equal steps from `low` to `high`.
export function histogram(values, low, high, count) {
  const bins = new Array(count).fill(0);
  for (const value of values) {
    if (value === null || value < low || value > high) continue;
    bins[Math.min(Math.floor(((value - low) / (high - low)) * count), count - 1)] += 1;
  }
  return bins;
}

/// Returns the level of a running fan at a temperature: linear from hot_ok to too_hot, at least 1.
export function fan_level(celsius, zone, full) {
  const tenths = (value) => Math.round(value * 10);
  if (zone.fan_speed_mode === 'fixed' || tenths(celsius) >= tenths(zone.temp_too_hot)) return full;
  const span = tenths(zone.temp_too_hot) - tenths(zone.temp_hot_ok), above = tenths(celsius) - tenths(zone.temp_hot_ok);
  return Math.min(Math.max(Math.trunc((2 * full * above + span) / (2 * span)), 1), full);
}

/// Returns the window between two times of day as parts in minutes [from, to) within one day. Equal times mean the whole day.
export function window_parts(start, end) {
  const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const from = minutes(start), to = minutes(end);
  if (from === to) return [[0, 1440]];
  if (from < to) return [[from, to]];
  return to === 0 ? [[from, 1440]] : [[0, to], [from, 1440]];
}
