// Checks of values against their columns: the daemon's own rules and sentences (drivers/store/settings: value, checks, rules), so
// that a message while typing matches the answer of a save. The schema is the column's part of /openapi.json.

/// Pairs that must be in this order. `equal`: they may be equal.
export const orders = {
  user_preferences: [
    ['voltage_shutdown', 'voltage_critical_low', false],
    ['voltage_critical_low', 'voltage_low', true],
    ['voltage_low', 'voltage_restart', false],
    ['voltage_restart', 'voltage_optimal_min', true],
    ['voltage_optimal_min', 'voltage_optimal_max', false],
    ['voltage_optimal_max', 'voltage_float', true],
    ['voltage_float', 'voltage_absorption', false],
    ['voltage_absorption', 'voltage_full', true],
    ['voltage_full', 'battery_absolute_max', true],
  ],
  miner_profiles: [
    ['emergency_stop_voltage', 'stop_voltage', false],
    ['stop_voltage', 'start_voltage', false],
  ],
  hvac_zones: [
    ['temp_too_cold', 'temp_cold_ok', false],
    ['temp_cold_ok', 'temp_hot_ok', false],
    ['temp_hot_ok', 'temp_too_hot', false],
  ],
};

const powers = [1, 10, 100, 1000];
const signs = [['<= ', 'at most '], ['>= ', 'at least '], ['< ', 'under '], ['> ', 'above ']];

/// Returns the number of decimals of a column, or null for any number.
export function decimals_of(schema) {
  if (schema.type === 'integer') return 0;
  return schema.multipleOf ? Math.round(-Math.log10(schema.multipleOf)) : null;
}

/// Returns the number of whole steps of 10^-decimals that `value` equals exactly, or null.
export function whole_steps(value, decimals) {
  if (!(value >= -1e6 && value <= 1e6)) return null;
  const scaled = value * powers[decimals];
  const steps = Math.trunc(scaled + (scaled < 0 ? -0.5 : 0.5));
  return steps / powers[decimals] === value ? steps : null;
}

/// Formats a number of steps: 5230 and 2 give '52.30'.
export function decimal(steps, decimals) {
  return (steps / powers[decimals]).toFixed(decimals);
}

/// Formats it without trailing zeros, but with at least one decimal: '52.3', '50.0'.
export function short_decimal(steps, decimals) {
  let text = decimal(steps, decimals);
  if (decimals > 1) while (text.endsWith('0') && text[text.length - 2] !== '.') text = text.slice(0, -1);
  return text;
}

/// Parses typed text: a number, null for nothing, else the unchanged text. A comma is a decimal point.
export function typed_number(text) {
  const bare = text.trim().replace(/[−–]/, '-').replace(',', '.');
  if (bare === '') return null;
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(bare) ? Number(bare) : text.trim();
}

const on_steps = (value) => typeof value === 'number' && whole_steps(value, 2) !== null;

function curve_text(points) {
  const whole = points.every((point) => on_steps(point.voltage) && on_steps(point.soc));
  const volts = (value) => (whole ? short_decimal(whole_steps(value, 2), 2) : String(value));
  return points.map((point) => volts(point.voltage) + ':' + String(point.soc)).join(',');
}

/// Formats a value as the daemon does in a sentence.
export function shown(schema, value) {
  if (value === null || value === undefined) return 'null';
  if (schema.type === 'array') return curve_text(value);
  const decimals = decimals_of(schema);
  const steps = typeof value === 'number' && decimals !== null ? whole_steps(value, decimals) : null;
  return steps === null ? String(value) : short_decimal(steps, decimals);
}

/// Returns the requirement of a column, without a sign.
export function need_of(schema) {
  if (schema.enum) return schema.enum.join(', ');
  if (schema.pattern) return 'HH:MM, 00:00..23:59';
  if (schema.type === 'array') return '2 to 32 points of voltage and soc, both rising';
  if (schema.type === 'string') return (schema.minLength || 1) + ' to ' + (schema.maxLength || 64) + ' characters';
  if (schema.type === 'boolean') return '0 or 1';
  const decimals = decimals_of(schema);
  const bound = (value) => value.toFixed(decimals || 0);
  return bound(schema.minimum) + '..' + bound(schema.maximum) +
    (decimals > 0 ? ' in steps of ' + decimal(1, decimals) : '');
}

/// Returns a sentence like the daemon's: field, value, requirement.
export function problem(field, value, need, nearest) {
  const sign = signs.find(([mark]) => need.startsWith(mark));
  const words = sign ? sign[1] + need.slice(sign[0].length) : need;
  const text = field + (value ? ' ' + value : '') + ': must be ' + words + (nearest ? '; nearest allowed ' + nearest : '');
  return { field, need, text };
}

function nearest_step(schema, value) {
  const decimals = decimals_of(schema);
  const within = Math.min(Math.max(value, schema.minimum), schema.maximum);
  if (decimals === null) return String(within);
  const scaled = within * powers[decimals];
  return short_decimal(Math.trunc(scaled + (scaled < 0 ? -0.5 : 0.5)), decimals);
}

function check_number(name, schema, value) {
  if (typeof value !== 'number') return problem(name, shown(schema, value), 'a number, ' + need_of(schema));
  const decimals = decimals_of(schema);
  const fits = value >= schema.minimum && value <= schema.maximum;
  if (fits && (decimals === null || whole_steps(value, decimals) !== null)) return null;
  return problem(name, shown(schema, value), need_of(schema), nearest_step(schema, value));
}

// Control and invisible characters that drivers/hidden.hpp rejects.
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;

function check_text(name, schema, value) {
  if (schema.pattern) return new RegExp(schema.pattern).test(value) ? null : problem(name, value, need_of(schema), value === '24:00' ? '00:00' : '');
  const need = need_of(schema);
  if (hidden.test(value)) return problem(name, value, need + ' of UTF-8 without control or invisible characters');
  const count = Array.from(value).length;
  if (count >= (schema.minLength === undefined ? 1 : schema.minLength) && count <= (schema.maxLength || 64)) return null;
  return problem(name, value, need + (value === '' && schema.nullable ? ', or null' : ''));
}

function check_point(name, points, index) {
  const found = [];
  const volts = whole_steps(points[index].voltage, 2), soc = whole_steps(points[index].soc, 2);
  const at = name + '[' + index + ']';
  if (volts < 500 || volts > 15000) found.push(problem(at + '.voltage', decimal(volts, 2), '5.00..150.00 in steps of 0.01'));
  if (soc < 0 || soc > 10000) found.push(problem(at + '.soc', decimal(soc, 2), '0.00..100.00 in steps of 0.01'));
  if (index === 0) return found;
  const before = points[index - 1];
  const above = (column, own, other) => problem(at + '.' + column, decimal(own, 2), '> ' + decimal(other, 2));
  const low_volts = whole_steps(before.voltage, 2), low_soc = whole_steps(before.soc, 2);
  if (volts <= low_volts) found.push(above('voltage', volts, low_volts));
  if (soc <= low_soc) found.push(above('soc', soc, low_soc));
  return found;
}

/// Returns every problem of a curve's points. The daemon answers only the first.
export function check_curve(name, points) {
  if (!points.every((point) => on_steps(point.voltage) && on_steps(point.soc)))
    return [problem(name, curve_text(points), 'points of volts and percent in steps of 0.01')];
  if (points.length < 2 || points.length > 32) return [problem(name, points.length + ' points', '2 to 32 points')];
  const found = [];
  points.forEach((point, index) => found.push(...check_point(name, points, index)));
  if (points[0].soc !== 0) found.push(problem(name, curve_text(points), 'a first point at soc 0'));
  if (points[points.length - 1].soc !== 100) found.push(problem(name, curve_text(points), 'a last point at soc 100'));
  return found;
}

/// Returns the problems of one value.
export function check_value(name, schema, value) {
  if (value === null || value === undefined)
    return schema.nullable ? [] : [Object.assign(problem(name, 'null', 'set; need ' + need_of(schema)), { need: need_of(schema) })];
  if (schema.type === 'array') return check_curve(name, value);
  let found = null;
  if (schema.type === 'number' || schema.type === 'integer') found = check_number(name, schema, value);
  else if (schema.enum) found = schema.enum.indexOf(value) < 0 ? problem(name, value, 'one of ' + need_of(schema)) : null;
  else if (schema.type === 'string') found = check_text(name, schema, value);
  return found ? [found] : [];
}

/// Returns a value in whole steps, or null if it does not fit its own column.
function steps_in(schemas, values, name) {
  const fits = typeof values[name] === 'number' && !check_number(name, schemas[name], values[name]);
  return fits ? whole_steps(values[name], decimals_of(schemas[name])) : null;
}

/// Returns the value nearest to the current one that its bounds and both neighbors allow, or '' if there is none.
function nearest_allowed(table, schemas, values, name) {
  const schema = schemas[name], decimals = decimals_of(schema);
  let low = Math.round(schema.minimum * powers[decimals]), high = Math.round(schema.maximum * powers[decimals]);
  for (const [below, above, equal] of orders[table]) {
    const gap = equal ? 0 : 1;
    const limit = steps_in(schemas, values, below === name ? above : below);
    if (limit === null) continue;
    if (below === name) high = Math.min(high, limit - gap);
    if (above === name) low = Math.max(low, limit + gap);
  }
  if (low > high) return '';
  return short_decimal(Math.min(Math.max(steps_in(schemas, values, name), low), high), decimals);
}

function check_orders(table, schemas, base, values) {
  const found = [];
  const differs = (name) => !base || base[name] !== values[name];
  for (const [low, high, equal] of orders[table]) {
    const a = steps_in(schemas, values, low), b = steps_in(schemas, values, high);
    if (a === null || b === null || (equal ? a <= b : a < b)) continue;
    const blame_low = differs(low) || !differs(high);
    const name = blame_low ? low : high, other = blame_low ? high : low;
    const sign = (blame_low ? '<' : '>') + (equal ? '= ' : ' ');
    found.push(problem(name, shown(schemas[name], values[name]),
      sign + other + ' (' + shown(schemas[other], values[other]) + ')', nearest_allowed(table, schemas, values, name)));
  }
  return found;
}

/// Returns every problem of a row. `base` is the row as loaded, or null for a new one.
export function problems_of(table, schemas, base, values) {
  let found = [];
  for (const name of Object.keys(schemas))
    if (name in values) found = found.concat(check_value(name, schemas[name], values[name]));
  found = found.concat(check_orders(table, schemas, base, values));
  if (typeof values.bank_wh === 'number' && values.bridge_wh * 20 > values.bank_wh)
    found.push({ field: 'bridge_wh', need: 'at most 5 % of bank_wh', text: 'bridge_wh: at most 5 % of bank_wh' });
  return found;
}
