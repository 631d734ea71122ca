// Times of the site: offsets of its zone, ticks of a time axis, stamps. All in seconds since 1970; nothing here reads a clock.

const minute = 60;
export const hour = 3600;
const day_s = 86400;

const formats = new Map();

// Returns a formatter. One takes a millisecond to create on a phone, so it keeps one for each zone.
function parts(zone) {
  if (!formats.has(zone)) {
    let format = null;
    try {
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour12: false, year: 'numeric', month: '2-digit', day: '2-digit',
        hour: '2-digit', minute: '2-digit', second: '2-digit'});
    } catch (error) {
      format = null;
    }
    formats.set(zone, format);
  }
  return formats.get(zone);
}

// Returns what the zone's clock shows at `t`, as seconds since 1970 of that clock, or null for a zone this browser does not know.
function wall(zone, t) {
  const format = zone ? parts(zone) : null;
  if (!format) return null;
  const seen = {};
  for (const part of format.formatToParts(new Date(t * 1000))) seen[part.type] = Number(part.value);
  return Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour % 24, seen.minute, seen.second) / 1000;
}

export function seconds(iso) {
  const t = Date.parse(iso);
  return isNaN(t) ? null : t / 1000;
}

/// Returns the site's zone. `at` and `local` of /api/live give the current offset; the zone's name, if known, that of other days.
export function site_zone(name, at, local) {
  const now = seconds(at);
  const shown = local ? seconds(local.slice(0, 19) + 'Z') : null;
  const fixed = now === null || shown === null ? 0 : Math.round((shown - Math.floor(now)) / 900) * 900;
  return {
    name: name || '',
    offset(t) {
      const clock = wall(name, Math.floor(t));
      return clock === null ? fixed : clock - Math.floor(t);
    },
  };
}

const two = (n) => String(n).padStart(2, '0');

function fields(t, offset) {
  const d = new Date((t + offset) * 1000);
  return {
    year: String(d.getUTCFullYear()),
    month: two(d.getUTCMonth() + 1),
    day: two(d.getUTCDate()),
    hour: two(d.getUTCHours()),
    minute: two(d.getUTCMinutes()),
    second: two(d.getUTCSeconds()),
  };
}

export function day_of(t, offset) {
  const f = fields(t, offset);
  return f.year + '-' + f.month + '-' + f.day;
}

export function clock_of(t, offset, withSeconds) {
  const f = fields(t, offset);
  return f.hour + ':' + f.minute + (withSeconds ? ':' + f.second : '');
}

export function stamp_of(t, offset) {
  return day_of(t, offset) + ' ' + clock_of(t, offset, true);
}

/// Returns UTC, UTC+2, UTC−3:30.
export function offset_name(offset) {
  if (offset === 0) return 'UTC';
  const size = Math.abs(offset);
  const rest = Math.round((size % hour) / minute);
  return 'UTC' + (offset < 0 ? '−' : '+') + Math.floor(size / hour) + (rest ? ':' + two(rest) : '');
}

export function iso(t) {
  return new Date(Math.floor(t) * 1000).toISOString().slice(0, 19) + 'Z';
}

const steps = [minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour,
  day_s, 2 * day_s, 7 * day_s, 14 * day_s];
const month_steps = [1, 2, 3, 6, 12];
const most_ticks = 100;

function step_for(length, room) {
  for (const step of steps) if (length / step <= room) return step;
  return null;
}

// Returns the first day of each n-th month, in the site's days.
function month_ticks(from, to, room, offset) {
  const months = month_steps.find((n) => (to - from) / (n * 30 * day_s) <= room) || 12;
  const begin = new Date((from + offset(from)) * 1000);
  const ticks = [];
  for (let i = 0; i < most_ticks; ++i) {
    const month = Math.ceil((begin.getUTCMonth() + (begin.getUTCDate() > 1 ? 1 : 0)) / months) * months + i * months;
    const shown = Date.UTC(begin.getUTCFullYear(), month, 1) / 1000;
    const t = shown - offset(shown);
    if (t > to) break;
    if (t >= from) ticks.push({ t, label: day_of(t, offset(t)).slice(0, 7) });
  }
  return ticks;
}

/// Returns round times of the site's clock in [from, to], at most `room` of them. Ranges of up to three days keep the offset of
/// their start (even when clocks change). Longer ones have a tick at each midnight of their days.
export function ticks(from, to, room, zone) {
  if (!(to > from)) return [];
  const offset = to - from <= 3.5 * day_s ? () => zone.offset(from) : (t) => zone.offset(t);
  const step = step_for(to - from, Math.max(1, room));
  if (step === null) return month_ticks(from, to, room, offset);
  const first = Math.ceil((from + offset(from)) / step);
  const found = [];
  for (let n = first; found.length < most_ticks; ++n) {
    const t = n * step - offset(n * step - offset(from));
    if (t > to) break;
    if (t < from) continue;
    const clock = clock_of(t, offset(t), false);
    found.push({ t, label: clock === '00:00' || step >= day_s ? day_of(t, offset(t)).slice(5) : clock });
  }
  return found;
}
