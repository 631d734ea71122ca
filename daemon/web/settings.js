// Settings: the menu, the battery, the site. Miners, zones and changes have separate files.

import { el, icon, text } from './dom.js';
import { clock, day, number } from './format.js';
import { register, theme_choice } from './view.js';
import { open_changes } from './changes.js';
import { curve_editor } from './curve.js';
import { choice_field, number_field, text_field } from './fields.js';
import { Form, read_schemas } from './form.js';
import { open_miners } from './miners.js';
import { ruler, voltage_now } from './ruler.js';
import { form_body, group, pair, read_row, waiting_view } from './setting_parts.js';
import { open_zones } from './zones.js';
import { words } from './words_settings.js';

const menu_back = { address: '#/settings', title: words.title };

function menu(page) {
  const count = { miners: el('span', { class: 'muted' }), zones: el('span', { class: 'muted' }) };
  const entry = (name, note, address) => el('li', null, el('a', { class: 'menu-link menu-row', href: address || '#/settings/' + name },
    el('span', null, el('b', null, words[name]), note), icon('chevron')));
  const muted = (sentence) => el('span', { class: 'muted' }, sentence);
  const root = el('div', { class: 'view settings' }, el('div', { class: 'card' }, el('ul', { class: 'rows' },
    entry('battery', muted(words.battery_note)), entry('miners', count.miners), entry('zones', count.zones),
    entry('site', muted(words.site_note)), entry('changes', muted(words.changes_note)),
    entry('whatif', muted(words.past.lead), '#/whatif'))));
  return { root, title: words.title, close() {}, update(live) {
    const all = Array.from(live.objects.keys());
    text(count.miners, words.miners_note(all.filter((topic) => topic.indexOf('miner/') === 0).length));
    text(count.zones, words.zones_note(all.filter((topic) => topic.indexOf('zone/') === 0).length));
  } };
}

async function preferences_form(page, name) {
  const [schemas, reply] = await Promise.all([read_schemas(page), read_row(page, '/api/preferences')]);
  if (!schemas) throw new Error(words.load_failed);
  return new Form(page, { table: 'user_preferences', key: 'preferences', path: '/api/preferences', title: words[name], address: '#/settings/' + name,
    schemas: schemas.user_preferences, values: reply.body, etag: reply.etag });
}

const thresholds = ['battery_absolute_max', 'voltage_full', 'voltage_absorption', 'voltage_float', 'voltage_optimal_max', 'voltage_optimal_min',
  'voltage_restart', 'voltage_low', 'voltage_critical_low', 'voltage_shutdown'];

function open_battery(page) {
  return waiting_view(page, { title: words.battery, back: menu_back }, async () => {
    const form = await preferences_form(page, 'battery');
    const scale = ruler(form, { names: thresholds, unit: 'V', step: 0.1, now: () => voltage_now(page) });
    const curve = curve_editor(page, form);
    const learned = el('p', { class: 'learned muted', dir: 'auto' });
    const limits = group(words.limits.title, pair(number_field(form, 'reserve_voltage'), number_field(form, 'internal_resistance_mohm')), learned,
      pair(number_field(form, 'max_battery_discharge_w'), number_field(form, 'inverter_max_w')));
    const night = group(words.limits.night, pair(number_field(form, 'bank_wh'), number_field(form, 'budget_floor_percent'), number_field(form, 'bridge_wh')));
    const cards = el('div', { class: 'settings-columns' }, el('div', null, group(words.thresholds.title, scale.root)),
      el('div', null, group(words.curve.title, curve.root), limits, night));
    return form_body(page, form, cards, [scale, curve, { update: () => text(learned, learned_text(page)) }]);
  });
}

/// Returns "learned: 11.2 mOhm by Primary S21+", from the voltage drop at a load's own starts.
function learned_text(page) {
  const explain = page.known.explain || {}, miners = page.known.miners || [], now = voltage_now(page);
  if (now === null) return '';
  return miners.filter((miner) => explain[miner.slug] && explain[miner.slug].sag_learned)
    .map((miner) => words.limits.learned(number((explain[miner.slug].sag_v * 1000 * now) / miner.power_draw_w, 1), miner.name)).join(', ');
}

function open_site(page) {
  return waiting_view(page, { title: words.site, back: menu_back }, async () => {
    const form = await preferences_form(page, 'site');
    const name = el('dd', { dir: 'auto' }, (page.session && page.session.site) || '–');
    const identity = group(words.place.identity, el('dl', { class: 'pairs' }, el('div', null, el('dt', null, words.place.name), name,
      el('dd', { class: 'muted' }, words.place.name_note))), text_field(form, 'timezone'), pair(number_field(form, 'latitude'), number_field(form, 'longitude')));
    const display = group(words.place.display, pair(choice_field(form, 'display_mode'), choice_field(form, 'temperature_unit')),
      el('div', { class: 'setting' }, el('p', { class: 'label' }, words.place.theme), theme_choice(page)));
    const wiring = await wiring_card(page);
    const cards = el('div', { class: 'settings-columns' }, el('div', null, identity, display), el('div', null, wiring));
    return form_body(page, form, cards, []);
  });
}

/// Shows the findings of the settings and wiring check. The wiring itself is a file on the computer.
async function wiring_card(page) {
  const [reply, system] = await Promise.all(['/api/status', '/api/system'].map((path) => page.ask('GET', path, { quiet: true })));
  const { path, read_at: read } = (system.status === 200 && system.body.config) || {};
  const findings = (reply.status === 200 && reply.body && reply.body.warnings) || [];
  return group(words.place.wiring, el('p', { class: 'muted' }, words.place.wiring_note),
    path ? el('p', { dir: 'auto' }, words.place.file(path, read && day(read, page.zone) + ' ' + clock(read, page.zone))) : null, el('h3', null, words.place.findings),
    findings.length ? el('ul', { class: 'lines' }, findings.map((it) => el('li', { dir: 'auto' }, el('p', null, it.text),
      it.remedy ? el('p', { class: 'muted' }, words.place.remedy(it.remedy)) : null))) : el('p', { class: 'muted' }, words.place.no_findings));
}

/// Opens `#/settings[/battery|miners[/ID]|zones[/ID]|site|changes]`.
export function open(page, parameters) {
  const part = { battery: open_battery, miners: open_miners, zones: open_zones, site: open_site, changes: open_changes }[parameters.path[1]];
  return (part || menu)(page, parameters);
}

register('settings', open);
