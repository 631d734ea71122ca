// Zones: the list, and the form of one: thermometer, fan, heat, charge guard.

import { attr, el, fill, show, svg, text } from './dom.js';
import { celsius } from './format.js';
import { fan_level } from './curve_math.js';
import { choice_field, flag_field, number_field, text_field } from './fields.js';
import { open_rows, output_choices } from './rows.js';
import { ruler } from './ruler.js';
import { group, pair } from './setting_parts.js';
import { words } from './words_settings.js';

const zone_words = words.zone;

function temperature_of(page, slug) {
  const zone = page.live.objects.get('zone/' + slug);
  return zone && typeof zone.temperature_c === 'number' ? zone.temperature_c : null;
}

/// Opens `#/settings/zones`, `/ID`, `/new`, `/new?copy=ID`.
export const open_zones = (page, parameters) => open_rows(page, parameters, {
  table: 'hvac_zones', path: '/api/hvac/zones', address: '#/settings/zones', title: words.zones, name: 'zone_name', words: zone_words, needed: {}, cards: zone_cards,
  chip: (zone) => (zone.block_charging_enabled ? zone_words.guards : null),
  line: (unused, zone) => zone_words.line(celsius(temperature_of(page, zone.slug), page.unit), celsius(zone.temp_too_cold, page.unit), celsius(zone.temp_too_hot, page.unit)),
});

async function zone_cards(page, form, outputs) {
  const thermometer = ruler(form, { names: ['temp_too_hot', 'temp_hot_ok', 'temp_cold_ok', 'temp_too_cold'], unit: '°C', step: 0.5,
    now: () => temperature_of(page, form.draft.base.slug) });
  return { parts: [thermometer], left: [
    group(zone_words.what, pair(text_field(form, 'zone_name'), text_field(form, 'zone_type')), choice_field(form, 'sensor_id', { list: () => sensors(page, form) })),
    group(zone_words.temperatures, thermometer.root), guard_card(form),
  ], right: [fan_card(form, outputs), heat_card(form, outputs)] };
}

/// Returns the sensors that voltd receives: those of the broker, and temperatures of the GX.
function sensors(page, form) {
  const heard = Array.from(page.live.objects.keys()).map((topic) => /^source\/(?:sensor\.(.+)|victron\.(?!(?:system|battery|vebus)$)(.+))$/.exec(topic))
    .filter(Boolean).map((found) => found[1] || found[2]);
  const silent = [form.draft.base.sensor_id, form.value('sensor_id')].filter((id, i, both) => id && heard.indexOf(id) < 0 && both.indexOf(id) === i);
  return [{ value: null, label: zone_words.no_sensor }].concat(heard.map((id) => ({ value: id, label: id })), silent.map((id) => ({ value: id, label: zone_words.sensor_gone(id) })));
}

function fan_card(form, outputs) {
  const picture = svg('svg', { class: 'levels', role: 'img', 'aria-label': zone_words.level_scale });
  const line = el('p', { class: 'live-line' });
  const fans = () => output_choices(outputs, () => true, form, 'exhaust_fan_device_id', zone_words.no_fan);
  form.add({ fields: [], update: () => draw_levels(form.values(), picture, line) });
  return group(zone_words.fan, flag_field(form, 'exhaust_fan_enabled'), choice_field(form, 'exhaust_fan_device_id', { list: fans }),
    pair(choice_field(form, 'fan_speed_mode'), number_field(form, 'fan_max_level', { step: 1 })), picture, line);
}

const wide = 320, tall = 120, widest = 200; // °C between the first and the last level; limited because any value can be typed

/// Draws the level over the temperature, as stairs.
function draw_levels(zone, picture, line) {
  const { temp_hot_ok: low, temp_too_hot: high, fan_max_level: full } = zone;
  const sound = [low, high, full].every((value) => typeof value === 'number') && low < high && high - low <= widest && full >= 1 && full <= 255;
  show(line, sound);
  fill(picture);
  if (!sound) return;
  const margin = (high - low) * 0.15;
  const x = (t) => 36 + ((t - low + margin) / (high - low + 2 * margin)) * (wide - 44);
  const y = (level) => 10 + (1 - level / full) * (tall - 44);
  const path = ['M' + x(low) + ',' + y(0), 'V' + y(fan_level(low, zone, full))];
  for (let tenth = Math.round(low * 10) + 1; tenth <= Math.round(high * 10); tenth += 1)
    path.push('H' + x(tenth / 10).toFixed(1), 'V' + y(fan_level(tenth / 10, zone, full)).toFixed(1));
  path.push('H' + (wide - 8));
  const label = (t) => svg('text', { class: 'middle', x: x(t), y: tall - 8 }, celsius(t, 'C'));
  const level = (count) => svg('text', { x: 28, y: y(count) + 5 }, String(count));
  attr(picture, 'viewBox', '0 0 ' + wide + ' ' + tall);
  fill(picture, svg('line', { class: 'axis', x1: 36, x2: wide - 8, y1: y(0), y2: y(0) }), svg('path', { class: 'line', d: path.join(' ') }),
    label(low), label(high), level(full), full > 4 ? level(1) : null);
  text(line, zone.fan_speed_mode === 'fixed' ? zone_words.fixed(full) : zone_words.levels(celsius(low, 'C'), celsius(high, 'C'), full));
}

function heat_card(form, outputs) {
  const heaters = () => output_choices(outputs, (output) => output.kind === 'relay', form, 'heater_device_id', zone_words.no_heater);
  return group(zone_words.heat, flag_field(form, 'heating_enabled'), pair(choice_field(form, 'heating_priority_1'), choice_field(form, 'heating_priority_2')),
    choice_field(form, 'heater_device_id', { list: heaters }), pair(number_field(form, 'heater_power_w'), number_field(form, 'minimum_solar_for_heating_w')));
}

function guard_card(form) {
  const line = el('p', { class: 'live-line' });
  form.add({ fields: [], update() {
    const below = form.value('block_charging_below_c');
    const on = form.value('block_charging_enabled') && form.value('enabled') && typeof below === 'number';
    text(line, on ? zone_words.guard_text(celsius(below, 'C')) : zone_words.guard_off);
  } });
  return group(zone_words.guard, flag_field(form, 'block_charging_enabled'), number_field(form, 'block_charging_below_c', { step: 0.5 }), line);
}
