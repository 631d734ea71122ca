// Zones: the list, and the form of one: thermometer, fan, heat, charging guard.

import { attr, el, fill, icon, keyed, show, svg, text } from './dom.js';
import { celsius } from './format.js';
import { button } from './view.js';
import { fan_level } from './curve_math.js';
import { flagged } from './effect.js';
import { choice_field, flag_field, number_field, text_field } from './fields.js';
import { Form, read_schemas } from './form.js';
import { output_choices, remove, switch_enabled } from './miners.js';
import { ruler } from './ruler.js';
import { form_body, group, pair, read_row, waiting_view } from './setting_parts.js';
import { words } from './words_settings.js';

const list_address = '#/settings/zones';
const own = words.zone;

/// `#/settings/zones`, `/ID`, `/new`
export function open_zones(page, parameters) {
  const id = parameters.path[2];
  if (!id) return waiting_view(page, { title: words.zones, back: { address: '#/settings', title: words.title } }, () => zone_list(page));
  return waiting_view(page, { title: words.zones, back: { address: list_address, title: words.zones } }, () => zone_form(page, id));
}

const live_zone = (page, slug) => page.live.objects.get('zone/' + slug) || {};
const temperature_of = (page, slug) => {
  const value = live_zone(page, slug).temperature_c;
  return typeof value === 'number' ? value : null;
};

// ---- the list

async function zone_list(page) {
  const places = el('ul', { class: 'rows' });
  const none = el('p', { class: 'muted' }, own.none);
  const draw = keyed(places, () => zone_row(page));
  let rows = [], change;
  const show_rows = () => draw(rows.map((zone) => ({ key: zone.id, zone })));
  const read = async () => {
    rows = (await read_row(page, '/api/hvac/zones')).body;
    show(none, rows.length === 0);
    show_rows();
  };
  await read();
  const root = el('div', null, group(null, none, places), el('a', { class: 'button', href: list_address + '/new', 'data-change': true }, own.add));
  return { root, close() {}, update(live) {
    if (change !== undefined && change !== live.change) read().catch(() => null);
    else show_rows();
    change = live.change;
  } };
}

function zone_row(page) {
  const name = el('b', { dir: 'auto' }), values = el('span', { class: 'muted values' });
  const off = el('span', { class: 'chip' }, own.disabled), guard = el('span', { class: 'chip' }, own.guards);
  const link = el('a', { class: 'menu-link menu-row' }, el('span', { class: 'grow' }, name, values), guard, off, icon('chevron'));
  return { root: el('li', null, link), update({ zone }) {
    attr(link, 'href', list_address + '/' + zone.id);
    text(name, zone.zone_name);
    text(values, own.now + ' ' + celsius(temperature_of(page, zone.slug), page.unit) + ' · ' + own.cold_hot(celsius(zone.temp_too_cold, page.unit), celsius(zone.temp_too_hot, page.unit)));
    show(off, !zone.enabled);
    show(guard, zone.enabled && zone.block_charging_enabled);
  } };
}

// ---- the form

async function fresh_row(page) {
  const reply = await page.ask('POST', flagged('/api/hvac/zones', { dry_run: '1' }), { body: { zone_name: 'x' + Date.now() }, timeout: 15000 });
  if (reply.status !== 200 || !reply.body.changes) throw new Error(words.load_failed);
  const row = {};
  const fields = reply.body.changes[0].fields;
  Object.keys(fields).forEach((field) => {
    row[field] = fields[field].after;
  });
  return Object.assign(row, { slug: null, zone_name: '' });
}

async function row_of(page, id) {
  const common = { table: 'hvac_zones', address: list_address + '/' + id, title: own.fresh };
  if (id === 'new') return Object.assign(common, { key: 'zone/new', path: '/api/hvac/zones', fresh: true, values: await fresh_row(page), etag: null });
  const path = '/api/hvac/zones/' + encodeURIComponent(id);
  const reply = await read_row(page, path);
  return Object.assign(common, { key: 'zone/' + id, path, values: reply.body, etag: reply.etag, title: reply.body.zone_name });
}

async function zone_form(page, id) {
  const [schemas, row, outputs] = await Promise.all([read_schemas(page), row_of(page, id), page.ask('GET', '/api/outputs', { quiet: true })]);
  if (!schemas) throw new Error(words.load_failed);
  const gone = () => page.go(list_address);
  const form = new Form(page, Object.assign(row, { schemas: schemas.hvac_zones, discarded: row.fresh ? gone : null, undone: row.fresh ? gone : null,
    saved: row.fresh ? (change) => {
      form.asked = true;
      page.go(change ? list_address + '/' + change.id : list_address);
    } : null }));
  const list = outputs.status === 200 && Array.isArray(outputs.body) ? outputs.body : [];
  const thermometer = ruler(form, { names: ['temp_too_hot', 'temp_hot_ok', 'temp_cold_ok', 'temp_too_cold'], unit: '°C', step: 0.5,
    now: () => temperature_of(page, form.draft.base.slug) });
  const cards = el('div', { class: 'settings-columns' },
    el('div', null, group(own.what, pair(text_field(form, 'zone_name'), text_field(form, 'zone_type')), choice_field(form, 'sensor_id', { list: () => sensors(page, form) })),
      group(own.temperatures, thermometer.root)),
    el('div', null, fan_card(form, list), heat_card(form, list), guard_card(form), row.fresh ? null : actions(page, form)));
  return form_body(page, form, cards, [thermometer]);
}

/// Sensors that voltd hears: those of the broker, and temperatures of the GX.
function sensors(page, form) {
  const heard = Array.from(page.live.objects.keys()).map((topic) => /^source\/(?:sensor\.(.+)|victron\.(?!system$|battery$|vebus$)(.+))$/.exec(topic))
    .filter(Boolean).map((found) => found[1] || found[2]);
  const named = [form.draft.base.sensor_id, form.value('sensor_id')].filter((id, i, all) => id && heard.indexOf(id) < 0 && all.indexOf(id) === i);
  return [{ value: null, label: own.no_sensor }].concat(heard.map((id) => ({ value: id, label: id })), named.map((id) => ({ value: id, label: own.sensor_gone(id) })));
}

/// With a first entry in the words of the field.
const devices = (list, kind, form, field, none) => () => [{ value: null, label: none }].concat(output_choices(list, kind, form, field).slice(1));

function fan_card(form, outputs) {
  const picture = svg('svg', { class: 'levels', role: 'img' });
  const line = el('p', { class: 'live-line' });
  const kinds = ['level', 'relay'].filter((kind) => outputs.some((output) => output.kind === kind));
  const list = () => kinds.reduce((all, kind) => all.concat(devices(outputs, kind, form, 'exhaust_fan_device_id', own.no_fan)().slice(1)), [{ value: null, label: own.no_fan }]);
  form.add({ fields: [], update: () => draw_levels(form, outputs, picture, line) });
  return group(own.fan, flag_field(form, 'exhaust_fan_enabled'), choice_field(form, 'exhaust_fan_device_id', { list: unique(list) }),
    pair(choice_field(form, 'fan_speed_mode'), number_field(form, 'fan_max_level', { step: 1 })), el('div', { class: 'levels-box' }, picture), line);
}

/// The same choice once, whichever kind of output names it.
const unique = (list) => () => list().filter((one, i, all) => all.findIndex((other) => other.value === one.value) === i);

const levels_width = 320, levels_height = 120;

/// The level over the temperature, as stairs.
function draw_levels(form, outputs, picture, line) {
  const zone = form.values();
  const { temp_hot_ok: low, temp_too_hot: high, fan_max_level: full } = zone;
  const sound = [low, high, full].every((value) => typeof value === 'number') && low < high && full >= 1 && full <= 255;
  show(line, sound);
  fill(picture);
  if (!sound) return;
  const from = low - (high - low) * 0.15, to = high + (high - low) * 0.15;
  const x = (t) => 36 + ((t - from) / (to - from)) * (levels_width - 44);
  const y = (level) => 10 + (1 - level / full) * (levels_height - 44);
  const path = ['M' + x(low) + ',' + y(0), 'L' + x(low) + ',' + y(fan_level(low, zone, full))];
  for (let tenth = Math.round(low * 10) + 1; tenth <= Math.round(high * 10); tenth += 1)
    path.push('H' + x(tenth / 10).toFixed(1), 'V' + y(fan_level(tenth / 10, zone, full)).toFixed(1));
  path.push('H' + x(to));
  attr(picture, 'viewBox', '0 0 ' + levels_width + ' ' + levels_height);
  attr(picture, 'aria-label', own.level_scale);
  const label = (t) => svg('text', { class: 'middle', x: x(t), y: levels_height - 8 }, celsius(t, 'C'));
  const level = (count) => svg('text', { x: 28, y: y(count) + 5 }, String(count));
  fill(picture, svg('line', { class: 'axis', x1: 36, x2: levels_width - 8, y1: y(0), y2: y(0) }), svg('path', { class: 'line', d: path.join(' ') }), label(low), label(high), level(full), full > 4 ? level(1) : null);
  const fixed = zone.fan_speed_mode === 'fixed';
  text(line, fixed ? own.fixed(full) : own.levels(celsius(low, 'C'), celsius(high, 'C'), full));
}

function heat_card(form, outputs) {
  return group(own.heat, flag_field(form, 'heating_enabled'), pair(choice_field(form, 'heating_priority_1'), choice_field(form, 'heating_priority_2')),
    choice_field(form, 'heater_device_id', { list: devices(outputs, 'relay', form, 'heater_device_id', own.no_heater) }),
    pair(number_field(form, 'heater_power_w'), number_field(form, 'minimum_solar_for_heating_w')));
}

function guard_card(form) {
  const line = el('p', { class: 'live-line' });
  form.add({ fields: [], update() {
    const below = form.value('block_charging_below_c');
    const on = form.value('block_charging_enabled') && form.value('enabled') && typeof below === 'number';
    text(line, on ? own.guard_text(celsius(below, 'C')) : own.guard_off);
  } });
  return group(own.guard, flag_field(form, 'block_charging_enabled'), number_field(form, 'block_charging_below_c', { step: 0.5 }), line);
}

function actions(page, form) {
  const toggle = button('', () => switch_enabled(page, form, own), null, { 'data-change': true });
  form.add({ fields: [], update: () => text(toggle, form.draft.base.enabled ? own.disable : own.enable) });
  return el('section', { class: 'card acts', 'aria-label': own.actions }, el('h2', null, own.actions), el('div', { class: 'choices' }, toggle,
    button(own.remove, () => remove(page, form, own, list_address), 'danger', { 'data-change': true })));
}
