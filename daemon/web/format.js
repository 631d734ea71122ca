// Numbers and times for a reader, in the browser's locale. Pure. A missing value is a dash, never 0.

export const dash = '–';

const known = (value) => typeof value === 'number' && isFinite(value);
const formats = new Map();

/// Returns a number with a fixed number of decimals.
export function number(value, digits) {
  if (!known(value)) return dash;
  const count = digits || 0;
  if (!formats.has(count)) {
    formats.set(count, new Intl.NumberFormat(undefined, { minimumFractionDigits: count, maximumFractionDigits: count }));
  }
  const rounded = Number(value.toFixed(count));
  return formats.get(count).format(rounded === 0 ? 0 : rounded);
}

const with_unit = (value, digits, unit) => (known(value) ? number(value, digits) + '\u00a0' + unit : dash);

export const volts = (value) => with_unit(value, 2, 'V');
export const watts = (value) => with_unit(value, 0, 'W');
export const amps = (value) => with_unit(value, 1, 'A');
export const percent = (value) => with_unit(value, 0, '%');

/// Keeps numbers of voltd's sentence together with their units at the end of a line.
export const unbroken = (sentence) => sentence.replace(/(\d) (?=([VWAK%]|Wh|kWh|°[CF]|s|ms|min|h|d|mOhm)(?![A-Za-z]))/g, '$1\u00a0');

/// Returns a temperature in the owner's unit ('C' or 'F').
export function celsius(value, unit) {
  if (!known(value)) return dash;
  return unit === 'F' ? with_unit(value * 1.8 + 32, 1, '°F') : with_unit(value, 1, '°C');
}

/// Returns a difference of temperatures.
export const kelvin = (value, unit) => (unit === 'F' ? with_unit(known(value) ? value * 1.8 : null, 1, '°F') : with_unit(value, 1, 'K'));

/// Returns "8 s", "4 min 10 s", "2 h 5 min", "3 d 4 h": at most two parts.
export function duration(seconds) {
  if (!known(seconds)) return dash;
  const whole = Math.max(0, Math.round(seconds));
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = Math.max(0, parts.findIndex(([size]) => whole >= size));
  if (whole === 0) return '0\u00a0s';
  const [size, unit] = parts[first];
  const begin = Math.floor(whole / size) + '\u00a0' + unit;
  const rest = first < 3 ? Math.floor((whole % size) / parts[first + 1][0]) : 0;
  return rest > 0 ? begin + ' ' + rest + '\u00a0' + parts[first + 1][1] : begin;
}

/// Returns a value of an explanation with its unit ("V", "W", "s", "C", "K", "%").
export function quantity(value, unit, temperature) {
  if (!known(value)) return dash;
  const made = { V: volts, W: watts, s: duration, A: amps, '%': percent }[unit];
  if (made) return made(value);
  if (unit === 'C' || unit === '°C') return celsius(value, temperature);
  if (unit === 'K') return kelvin(value, temperature);
  return unit ? with_unit(value, Number.isInteger(value) ? 0 : 1, unit) : number(value, Number.isInteger(value) ? 0 : 1);
}

// Formats a time. A zone is an IANA name, or minutes east of UTC if the name is unknown.
function moment(iso, zone, parts) {
  const at = typeof iso === 'number' ? iso : Date.parse(iso);
  if (!known(at)) return dash;
  const offset = typeof zone === 'number' ? zone * 60000 : 0;
  const name = typeof zone === 'string' && zone ? zone : 'UTC';
  const key = name + JSON.stringify(parts);
  try {
    if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(undefined, Object.assign({ timeZone: name }, parts)));
    return formats.get(key).format(at + offset);
  } catch (unknown_zone) {
    return name === 'UTC' ? dash : moment(iso, 'UTC', parts);
  }
}

const hours = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/// Returns "14:03:22" in the site's zone.
export const clock = (iso, zone) => moment(iso, zone, Object.assign({ second: '2-digit' }, hours));
/// Returns "14:03".
export const minute = (iso, zone) => moment(iso, zone, hours);
/// Returns "Sat, Jun 21".
export const day = (iso, zone) => moment(iso, zone, { weekday: 'short', month: 'short', day: 'numeric' });

/// Returns a picture's minutes east of UTC: its `local` time minus its `at`, or null without both.
export function offset_of(at, local) {
  const utc = Date.parse(at);
  const there = Date.parse(String(local || '').replace(/(Z|[+-]\d\d:?\d\d)$/, '') + 'Z');
  if (!known(utc) || !known(there)) return null;
  return Math.round((there - utc) / 60000);
}

/// Returns the minutes until midnight by the site's local time ("2025-06-21T12:00:00"), from 1 to 1440.
export function minutes_to_midnight(local) {
  const found = /T(\d\d):(\d\d)/.exec(String(local || ''));
  if (!found) return null;
  return 1440 - (Number(found[1]) * 60 + Number(found[2]));
}
