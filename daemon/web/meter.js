// Battery: voltage and stage, power flow, the ruler.

import { attr, el, show, text } from './dom.js';
import { amps, celsius, duration, percent, volts, watts } from './format.js';
import { ruler } from './voltage_line.js';
import { card } from './view.js';
import { words } from './words.js';

const resting = 20; // W, as in flow.js

/// Returns "Charging at 633 W".
export function power_words(power) {
  if (typeof power !== 'number') return words.now.power_unknown;
  if (Math.abs(power) < resting) return words.now.resting;
  return power > 0 ? words.now.charging(watts(power)) : words.now.discharging(watts(-power));
}

/// Returns the kind of mark beside a stage: alarm, warning, or plain.
export function stage_kind(stage) {
  if (['blind', 'shutdown', 'critical', 'overvoltage'].indexOf(stage) >= 0) return 'critical';
  return ['low', 'recovering'].indexOf(stage) >= 0 ? 'warning' : 'plain';
}

function stage_place() {
  const word = el('span');
  const root = el('p', { class: 'stage' }, el('i', { 'aria-hidden': 'true' }), word);
  return {
    root,
    update(stage) {
      attr(root, 'data-kind', stage_kind(stage));
      text(word, words.stages[stage] || stage || words.common.no_value);
    },
  };
}

/// Returns the loads of the ruler in order: those with settings.
function ruler_loads(page) {
  const miners = Array.isArray(page.known.miners) ? page.known.miners : [];
  return miners.filter((one) => one.enabled !== false && typeof one.start_voltage === 'number' && typeof one.stop_voltage === 'number').map((one) => {
    const now = page.live.objects.get('miner/' + one.slug) || {};
    return { name: one.name, stop: one.stop_voltage, start: one.start_voltage, on: now.state === 'on' };
  });
}

/// Returns the card with the voltage: `{root, update(live)}`.
export function battery_card(page) {
  const whole = card(words.now.battery, { class: 'battery' });
  const digits = el('span', { class: 'value' });
  const unit = el('span', { class: 'unit' });
  const voltage = el('p', { class: 'voltage' }, digits, unit);
  const stage = stage_place();
  const blind = el('p', { class: 'blind', hidden: true });
  const power = el('span', { class: 'value' });
  const soc = el('span', { class: 'value' });
  const source = el('span', { class: 'muted' });
  const line = ruler();
  const facts = el('div', { class: 'battery-facts' }, el('p', null, power), el('p', null, soc), el('p', null, source));
  whole.body.appendChild(el('div', { class: 'battery-head' }, voltage, stage.root));
  [blind, facts, line.root].forEach((part) => whole.body.appendChild(part));

  const draw = () => {
    const now = page.live.objects.get('battery') || {};
    const soc_first = Boolean(page.known.preferences) && page.known.preferences.display_mode === 'soc';
    const is_blind = typeof now.voltage_v !== 'number';
    const [large, large_unit] = (soc_first ? percent(now.soc_pct) : volts(now.voltage_v)).split('\u00a0');
    text(digits, large);
    text(unit, large_unit || '');
    attr(voltage, 'title', is_blind ? words.now.no_voltage : null);
    stage.update(now.stage);
    const age = page.aged('battery', now.age_s);
    show(blind, is_blind);
    text(blind, typeof now.last_voltage_v === 'number' && age !== null ? words.now.no_voltage_last(volts(now.last_voltage_v), duration(age)) : words.now.no_voltage);
    text(power, power_words(now.power_w) + (typeof now.current_a === 'number' ? ' (' + amps(Math.abs(now.current_a)) + ')' : ''));
    const soc_words = typeof now.soc_pct === 'number' ? words.now.soc_shown(percent(now.soc_pct)) : words.now.soc_unknown;
    text(soc, soc_first ? volts(now.voltage_v) + '. ' + words.now.not_decided_by : soc_words);
    const named = now.source || words.common.no_value;
    text(source, (age !== null && age > 10 ? words.now.stale_source(named, duration(age)) : named) + ' · ' + celsius(now.temperature_c, page.unit));
    line.update({ preferences: page.known.preferences, loads: page.wall ? [] : ruler_loads(page), voltage: now.voltage_v });
  };
  return { root: whole.root, update: draw };
}
