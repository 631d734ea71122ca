// Numbers and times as a reader sees them, in the browser's locale. Pure. What is not there is a dash, never 0.

export const dash = '–';

const known = (value) => typeof value === 'number' && isFinite(value);
const formats = new Map();

/// A number with a fixed count of digits after the point.
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

/// A sentence of voltd, whose numbers keep their units beside them at the end of a line.
export const unbroken = (sentence) => sentence.replace(/(\d) (?=([VWAK%]|Wh|kWh|°[CF]|s|ms|min|h|d|mOhm)(?![A-Za-z]))/g, '$1\u00a0');

/// A temperature in the unit that the owner chose ('C' or 'F').
export function celsius(value, unit) {
  if (!known(value)) return dash;
  return unit === 'F' ? with_unit(value * 1.8 + 32, 1, '°F') : with_unit(value, 1, '°C');
}

/// A difference of temperatures.
export const kelvin = (value, unit) => (unit === 'F' ? with_unit(known(value) ? value * 1.8 : null, 1, '°F') : with_unit(value, 1, 'K'));

/// "8 s", "4 min 10 s", "2 h 5 min", "3 d 4 h": two parts at most.
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

/// A value of an explanation with its unit ("V", "W", "s", "C", "K", "%").
export function quantity(value, unit, temperature) {
  if (!known(value)) return dash;
  const made = { V: volts, W: watts, s: duration, A: amps, '%': percent }[unit];
  if (made) return made(value);
  if (unit === 'C' || unit === '°C') return celsius(value, temperature);
  if (unit === 'K') return kelvin(value, temperature);
  return unit ? with_unit(value, Number.isInteger(value) ? 0 : 1, unit) : number(value, Number.isInteger(value) ? 0 : 1);
}

// A zone is an IANA name, or minutes east of UTC where the name is not known.
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

/// "14:03:22" in the zone of the site.
export const clock = (iso, zone) => moment(iso, zone, Object.assign({ second: '2-digit' }, hours));
/// "14:03"
export const minute = (iso, zone) => moment(iso, zone, hours);
/// "Sat, Jun 21"
export const day = (iso, zone) => moment(iso, zone, { weekday: 'short', month: 'short', day: 'numeric' });

/// The minutes east of UTC of a picture: its `local` time less its `at`; null without both.
export function offset_of(at, local) {
  const utc = Date.parse(at);
  const there = Date.parse(String(local || '').replace(/(Z|[+-]\d\d:?\d\d)$/, '') + 'Z');
  if (!known(utc) || !known(there)) return null;
  return Math.round((there - utc) / 60000);
}

/// Midnight to come, in minutes from now, by the local time of the site ("2025-06-21T12:00:00"); at least 1, at most 1440.
export function minutes_to_midnight(local) {
  const found = /T(\d\d):(\d\d)/.exec(String(local || ''));
  if (!found) return null;
  return 1440 - (Number(found[1]) * 60 + Number(found[2]));
}
