// Miners: the list by order, and the form of one of them.

import { el, fill, show, text } from './dom.js';
import { duration, volts, watts } from './format.js';
import { window_parts } from './curve_math.js';
import { choice_field, clock_field, flag_field, number_field, text_field } from './fields.js';
import { open_rows, output_choices } from './rows.js';
import { ruler, voltage_now } from './ruler.js';
import { group, pair } from './setting_parts.js';
import { words } from './words_settings.js';

const miner_words = words.miner;

/// Opens `#/settings/miners`, `/ID`, `/new`, `/new?copy=ID`.
export const open_miners = (page, parameters) => open_rows(page, parameters, {
  table: 'miner_profiles', path: '/api/miners', address: '#/settings/miners', title: words.miners, name: 'name', words: miner_words,
  needed: { power_draw_w: 1, start_voltage: 7, stop_voltage: 6, emergency_stop_voltage: 5 },
  order: (miner) => miner.priority_level, chip: () => null, cards: miner_cards,
  line: (unused, miner) => miner_words.line(volts(miner.start_voltage), volts(miner.stop_voltage), watts(miner.power_draw_w)),
});

async function miner_cards(page, form, outputs) {
  const [zones, site] = await Promise.all(['/api/hvac/zones', '/api/preferences'].map((path) => page.ask('GET', path, { quiet: true })));
  const context = () => ['voltage_low', 'voltage_critical_low', 'voltage_float', 'voltage_full']
    .map((name) => ({ value: site.status === 200 && site.body ? site.body[name] : null, label: words.thresholds[name] }));
  const scale = ruler(form, { names: ['start_voltage', 'stop_voltage', 'emergency_stop_voltage'], unit: 'V', step: 0.1, context, now: () => voltage_now(page) });
  const times = hours(page, form);
  const rooms = zones.status === 200 && Array.isArray(zones.body) ? zones.body : [];
  const places = () => [{ value: null, label: miner_words.zone_none }].concat(rooms.map((zone) => ({ value: zone.id, label: zone.zone_name })));
  const relays = () => output_choices(outputs, (output) => output.kind === 'relay', form, 'device_id', miner_words.output_none);
  return { parts: [scale, times], left: [
    group(miner_words.what, text_field(form, 'name'), pair(text_field(form, 'model'), number_field(form, 'hashrate_ths')),
      pair(number_field(form, 'power_draw_w'), number_field(form, 'priority_level', { step: 1 })),
      pair(choice_field(form, 'operating_mode'), choice_field(form, 'hvac_zone_id', { list: places }))),
    group(miner_words.voltages, scale.root),
    group(miner_words.sun, flag_field(form, 'require_excess_solar'), pair(number_field(form, 'minimum_excess_w'), number_field(form, 'minimum_solar_w')), flag_field(form, 'require_sunny')),
  ], right: [
    group(miner_words.hours, times.root, pair(clock_field(form, 'preferred_start'), clock_field(form, 'preferred_end')), flag_field(form, 'allow_outside_schedule')),
    group(miner_words.limits, pair(number_field(form, 'min_on_s'), number_field(form, 'min_off_s')),
      pair(number_field(form, 'max_starts_per_hour'), number_field(form, 'max_runtime_h_day')), pair(number_field(form, 'max_continuous_h'))),
    group(miner_words.output, choice_field(form, 'device_id', { list: relays })),
  ] };
}

// ---- hours of a day

const is_clock = (value) => /^\d\d:\d\d$/.test(value);

function placed(node, from, to) {
  node.style.left = (from / 1440) * 100 + '%';
  if (to > from) node.style.width = ((to - from) / 1440) * 100 + '%';
  return node;
}

function hours(page, form) {
  const segments = el('div', { class: 'day-bar' }), line = el('p', { class: 'live-line' }), note = el('p', { class: 'muted' }, miner_words.outside);
  const marks = el('div', { class: 'day-marks', 'aria-hidden': 'true' }, ['0', '6', '12', '18', '24'].map((hour) => el('span', null, hour)));
  const draw = () => {
    const from = form.value('preferred_start'), to = form.value('preferred_end');
    if (!is_clock(from) || !is_clock(to)) return;
    const parts = window_parts(from, to);
    const local = /T(\d\d):(\d\d)/.exec(String(page.live.local || ''));
    const now = local ? Number(local[1]) * 60 + Number(local[2]) : null;
    fill(segments, parts.map(([begin, end]) => placed(el('div', { class: 'day-part' }), begin, end)),
      now === null ? null : placed(el('i', { class: 'day-now', title: miner_words.now(local[0].slice(1)) }), now, now));
    const length = duration(parts.reduce((sum, [begin, end]) => sum + end - begin, 0) * 60);
    text(line, from === to ? miner_words.all_day : (parts.length > 1 ? miner_words.across : miner_words.window)(from, to, length));
    const free = form.value('allow_outside_schedule') && from !== to;
    show(note, free);
    segments.classList.toggle('idle', free);
  };
  form.add({ fields: [], update: draw });
  return { root: el('div', { class: 'day' }, segments, marks, line, note), update: draw };
}
