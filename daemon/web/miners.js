// Miners: the list by order, and the form of one of them.

import { attr, el, fill, icon, keyed, show, text } from './dom.js';
import { duration, volts, watts } from './format.js';
import { button } from './view.js';
import { window_parts } from './curve_math.js';
import { flagged, said_saved, tell_refusal, try_then_do } from './effect.js';
import { choice_field, clock_field, flag_field, number_field, text_field } from './fields.js';
import { Form, read_schemas } from './form.js';
import { ruler } from './ruler.js';
import { form_body, group, pair, read_row, waiting_view } from './setting_parts.js';
import { words } from './words_settings.js';

const list_address = '#/settings/miners';
const own = words.miner;

/// `#/settings/miners`, `/ID`, `/new`, `/new?copy=ID`
export function open_miners(page, parameters) {
  const id = parameters.path[2];
  if (!id) return waiting_view(page, { title: words.miners, back: { address: '#/settings', title: words.title } }, () => miner_list(page));
  const back = { address: list_address, title: words.miners };
  return waiting_view(page, { title: words.miners, back }, () => miner_form(page, id, parameters.query.copy));
}

// ---- the list

async function miner_list(page) {
  const places = el('ol', { class: 'rows miner-list' });
  const none = el('p', { class: 'muted' }, own.none);
  const draw = keyed(places, miner_row);
  let change;
  const read = async () => {
    const reply = await read_row(page, '/api/miners');
    show(none, reply.body.length === 0);
    draw(reply.body.map((miner) => ({ key: miner.id, miner })));
  };
  await read();
  const root = el('div', null, group(null, none, places),
    el('a', { class: 'button', href: list_address + '/new', 'data-change': true }, own.add));
  return { root, close() {}, update(live) {
    if (change !== undefined && change !== live.change) read().catch(() => null);
    change = live.change;
  } };
}

function miner_row() {
  const name = el('b', { dir: 'auto' }), order = el('span'), values = el('span', { class: 'muted values' });
  const chip = el('span', { class: 'chip' }, own.disabled);
  const link = el('a', { class: 'menu-link menu-row' },
    el('span', { class: 'order' }, el('span', { class: 'unseen' }, own.order + ' '), order), el('span', { class: 'grow' }, name, values), chip, icon('chevron'));
  return { root: el('li', null, link), update({ miner }) {
    attr(link, 'href', list_address + '/' + miner.id);
    text(order, String(miner.priority_level));
    text(name, miner.name);
    text(values, own.start_at + ' ' + volts(miner.start_voltage) + ' · ' + own.stop_at + ' ' + volts(miner.stop_voltage) + ' · ' + watts(miner.power_draw_w));
    show(chip, !miner.enabled);
  } };
}

// ---- the form

/// A row as voltd would make it: a dry run answers its defaults.
async function fresh_row(page) {
  const needed = { name: 'x' + Date.now(), power_draw_w: 1, start_voltage: 7, stop_voltage: 6, emergency_stop_voltage: 5 };
  const reply = await page.ask('POST', flagged('/api/miners', { dry_run: '1' }), { body: needed, timeout: 15000 });
  if (reply.status !== 200 || !reply.body.changes) throw new Error(words.load_failed);
  const row = {};
  const fields = reply.body.changes[0].fields;
  Object.keys(fields).forEach((field) => {
    row[field] = field in needed ? null : fields[field].after;
  });
  return Object.assign(row, { slug: null, name: '' });
}

async function row_of(page, id, copy) {
  const path = '/api/miners/' + encodeURIComponent(id);
  const common = { table: 'miner_profiles', title: own.fresh, address: list_address + '/' + id };
  if (id !== 'new') {
    const reply = await read_row(page, path);
    return Object.assign(common, { key: 'miner/' + id, path, values: reply.body, etag: reply.etag, title: reply.body.name });
  }
  return Object.assign(common, { key: 'miner/new', path: '/api/miners', fresh: true, values: await fresh_row(page), etag: null,
    copied: copy ? (await read_row(page, '/api/miners/' + encodeURIComponent(copy))).body : null });
}

async function miner_form(page, id, copy) {
  const [schemas, row, outputs, zones, preferences] = await Promise.all([read_schemas(page), row_of(page, id, copy),
    page.ask('GET', '/api/outputs', { quiet: true }), page.ask('GET', '/api/hvac/zones', { quiet: true }), page.ask('GET', '/api/preferences', { quiet: true })]);
  if (!schemas) throw new Error(words.load_failed);
  const gone = () => page.go(list_address);
  const form = new Form(page, Object.assign(row, { schemas: schemas.miner_profiles, discarded: row.fresh ? gone : null, undone: row.fresh ? gone : null,
    saved: row.fresh ? (change) => {
      form.asked = true;
      page.go(change ? list_address + '/' + change.id : list_address);
    } : null }));
  if (row.copied) copy_into(form, row.copied);
  const list_of = (reply) => (reply.status === 200 && Array.isArray(reply.body) ? reply.body : []);
  const parts = [voltages(page, form, preferences), hours(page, form)];
  const cards = el('div', { class: 'settings-columns' },
    el('div', null, what_card(form, list_of(zones)), group(own.voltages, parts[0].root), group(own.sun, flag_field(form, 'require_excess_solar'),
      pair(number_field(form, 'minimum_excess_w'), number_field(form, 'minimum_solar_w')), flag_field(form, 'require_sunny'))),
    el('div', null, group(own.hours, parts[1].root, pair(clock_field(form, 'preferred_start'), clock_field(form, 'preferred_end')), flag_field(form, 'allow_outside_schedule')),
      limits_card(form), group(own.output, choice_field(form, 'device_id', { list: () => output_choices(list_of(outputs), 'relay', form, 'device_id') })),
      row.fresh ? null : actions(page, form)));
  return form_body(page, form, cards, parts);
}

const not_copied = ['id', 'user_id', 'slug', 'created_at', 'updated_at', 'device_id'];

function copy_into(form, from) {
  const fields = {};
  Object.keys(from).filter((field) => not_copied.indexOf(field) < 0 && form.row.schemas[field]).forEach((field) => {
    fields[field] = from[field];
  });
  form.set(Object.assign(fields, { name: own.copy_of(from.name) }));
}

function what_card(form, zones) {
  const places = () => [{ value: null, label: own.zone_none }].concat(zones.map((zone) => ({ value: zone.id, label: zone.zone_name })));
  return group(own.what, text_field(form, 'name'), pair(text_field(form, 'model'), number_field(form, 'hashrate_ths')),
    pair(number_field(form, 'power_draw_w'), number_field(form, 'priority_level', { step: 1 })),
    pair(choice_field(form, 'operating_mode'), choice_field(form, 'hvac_zone_id', { list: places })));
}

function limits_card(form) {
  return group(own.limits, pair(number_field(form, 'min_on_s'), number_field(form, 'min_off_s')), pair(number_field(form, 'max_starts_per_hour'),
    number_field(form, 'max_runtime_h_day')), pair(number_field(form, 'max_continuous_h'), null));
}

function voltages(page, form, preferences) {
  const site = preferences.status === 200 && preferences.body ? preferences.body : {};
  const context = () => [['voltage_low', 'low'], ['voltage_critical_low', 'critical_low'], ['voltage_full', 'full'], ['voltage_float', 'float']]
    .map(([name, key]) => ({ value: site[name], label: words.thresholds[key] }));
  const battery = () => page.live.objects.get('battery') || {};
  return ruler(form, { names: ['start_voltage', 'stop_voltage', 'emergency_stop_voltage'], unit: 'V', step: 0.1, context,
    now: () => (typeof battery().voltage_v === 'number' ? battery().voltage_v : null) });
}

/// Outputs of a kind for a choice: free ones and the own one; those of others are named, but cannot be chosen.
export function output_choices(outputs, kind, form, field) {
  const mine = form.draft.base[field], chosen = form.value(field);
  const fitting = outputs.filter((output) => output.kind === kind);
  const choices = fitting.map((output) => {
    const used = output.load && output.id !== mine;
    const state = [output.reported, typeof output.measured_w === 'number' ? watts(output.measured_w) : null].filter(Boolean).join(', ');
    return { value: output.id, disabled: Boolean(used), label: used ? own.output_used(output.id, output.load) : own.output_state(output.id, state) };
  });
  const known = (id) => !id || fitting.some((output) => output.id === id);
  [mine, chosen].filter((id, i, all) => !known(id) && all.indexOf(id) === i).forEach((id) => choices.push({ value: id, label: own.output_gone(id) }));
  return [{ value: null, label: own.output_none }].concat(choices);
}

// ---- the hours of a day

function hours(page, form) {
  const segments = el('div', { class: 'day-bar' }), line = el('p', { class: 'live-line' }), note = el('p', { class: 'muted' }, own.outside);
  const marks = el('div', { class: 'day-marks', 'aria-hidden': 'true' }, ['0', '6', '12', '18', '24'].map((hour) => el('span', null, hour)));
  const placed = (node, from, to) => {
    node.style.left = (from / 1440) * 100 + '%';
    node.style.width = ((to - from) / 1440) * 100 + '%';
    return node;
  };
  const draw = () => {
    const from = form.value('preferred_start'), to = form.value('preferred_end');
    if (!/^\d\d:\d\d$/.test(from) || !/^\d\d:\d\d$/.test(to)) return;
    const parts = window_parts(from, to);
    const local = /T(\d\d):(\d\d)/.exec(String(page.live.local || ''));
    const at = local ? placed(el('i', { class: 'day-now', title: own.now(local[0].slice(1)) }), Number(local[1]) * 60 + Number(local[2]), 0) : null;
    if (at) at.style.width = '';
    fill(segments, parts.map(([begin, end]) => placed(el('div', { class: 'day-part' }), begin, end)), at);
    const length = duration(parts.reduce((sum, [begin, end]) => sum + end - begin, 0) * 60);
    text(line, from === to ? own.all_day : (from > to && to !== '00:00' ? own.across : own.window)(from, to, length));
    const free = form.value('allow_outside_schedule') && from !== to;
    show(note, free);
    segments.classList.toggle('idle', free);
  };
  form.add({ fields: [], update: draw });
  return { root: el('div', { class: 'day' }, segments, marks, line, note), update: draw };
}

// ---- what is done with the whole row

/// Copy, disable, delete: each says first what it would switch.
function actions(page, form) {
  const row = form.draft.base;
  const toggle = button('', () => switch_enabled(page, form, own), null, { 'data-change': true });
  form.add({ fields: [], update: () => text(toggle, form.draft.base.enabled ? own.disable : own.enable) });
  return el('section', { class: 'card acts', 'aria-label': own.actions }, el('h2', null, own.actions), el('div', { class: 'choices' },
    el('a', { class: 'button', href: list_address + '/new?copy=' + row.id, 'data-change': true }, own.copy), toggle,
    button(own.remove, () => remove(page, form, own, list_address), 'danger', { 'data-change': true })));
}

/// Sets `enabled` at once, beside the draft.
export function switch_enabled(page, form, said) {
  const row = form.draft.base, wanted = !row.enabled;
  const name = row.name || row.zone_name;
  return try_then_do(page, { title: (wanted ? said.enable_title : said.disable_title)(name), label: wanted ? said.enable : said.disable, always: true,
    ask: (flags) => page.ask('PUT', flagged(form.row.path, flags), { body: { enabled: wanted }, timeout: 15000 }),
    refused: (reply) => tell_refusal(page, reply),
    done: (reply) => {
      said_saved(page, words.form.saved, reply.body.change, () => form.reload());
      page.hurry();
      form.reload();
    } });
}

/// Deletes the row; the list stands there afterwards.
export function remove(page, form, said, address) {
  const name = form.draft.base.name || form.draft.base.zone_name;
  return try_then_do(page, { title: said.remove_title(name), lead: said.remove_text, label: said.remove, kind: 'danger', always: true,
    ask: (flags) => page.ask('DELETE', flagged(form.row.path, flags), { match: form.draft.etag, timeout: 15000 }),
    refused: (reply) => tell_refusal(page, reply),
    done: (reply) => {
      form.draft.discard();
      page.draft.drop(form.row.key);
      form.asked = true;
      page.go(address);
      said_saved(page, said.removed(name), reply.body.change, () => page.refresh());
      page.hurry();
    } });
}

