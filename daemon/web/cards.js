// Cards of loads and zones on Now.

import { attr, el, keyed, show, text } from './dom.js';
import { celsius, duration, minute, watts } from './format.js';
import { button, card, guarded, state_mark } from './view.js';
import { words } from './words.js';

const kinds = { on: 'on', off: 'off', starting: 'moving', stopping: 'moving', unknown: 'unknown', fault: 'critical' };

/// Returns the mark of a load's state.
export const state_kind = (state) => kinds[state] || 'unknown';

/// Returns "override on until 15:04", or an empty text without an override.
export function override_text(object, zone) {
  const what = object.override;
  if (!what || what === 'auto') return '';
  const word = words.states[what] || String(what);
  return object.override_until ? words.now.override_chip(word, minute(object.override_until, zone)) : words.now.override_chip_open(word);
}

/// Returns the gate of a countdown: the deciding one, else the one that lasts longest, or null without a time.
export function counting_gate(object) {
  const timed = (Array.isArray(object.blocked_by) ? object.blocked_by : []).filter((gate) => typeof gate.remaining_s === 'number');
  const deciding = timed.find((gate) => gate.gate === object.reason);
  return deciding || timed.reduce((longest, gate) => (longest && longest.remaining_s >= gate.remaining_s ? longest : gate), null);
}

/// Names what starts or stops a load. Omits shell commands, because the page has buttons for them.
export const flip_words = (sentence) => (sentence || '').replace(/`[^`]*`, or | \([^()]*`[^)]*\)|: `[^`]*`/g, '');

/// Returns the reading of a meter, or the reason there is none. `metered`: there is a meter, or that is not known yet.
export const measured = (power, metered) => (typeof power === 'number' ? watts(power) : metered ? words.common.no_value : words.now.no_meter);

function open_override(page, load) {
  page.use('override', (open) => open(page, load));
}

function load_card(page, item) {
  const link = el('a', { class: 'cover-link', href: '#/load/' + item.key, dir: 'auto' });
  const draw = el('span', { class: 'value load-watts' });
  const mark = state_mark('unknown', '');
  const since = el('span', { class: 'muted' });
  const chip = el('span', { class: 'chip accent', hidden: true });
  const wanted = el('span', { class: 'chip', hidden: true });
  const sentence = el('p', { class: 'value', dir: 'auto' });
  const change = el('p', { class: 'muted', dir: 'auto' });
  const count = el('span', { class: 'value countdown' });
  const switcher = button(words.now.override, () => open_override(page, item.key), null, { 'data-change': true });
  const root = el('article', { class: 'card load' },
    el('div', { class: 'load-head' }, el('h3', { class: 'clip' }, link), draw),
    el('div', { class: 'load-state' }, mark.root, since, chip, wanted, count),
    sentence, el('div', { class: 'load-foot' }, change, switcher));
  let now = item;
  const tick = () => {
    const gate = counting_gate(now.object);
    const left = gate ? page.left(now.topic, gate.remaining_s) : null;
    show(count, left !== null && left > 0);
    if (left !== null) text(count, words.now.left(gate.gate, duration(left)));
  };
  let drawn = '';
  const update = (next) => {
    const shadow = (page.live.objects.get('site') || {}).commands === 'shadow';
    const flip_text = flip_words(next.object.next);
    const metered = page.known.metered(item.key);
    const other = [next.name, page.zone, shadow, flip_text, metered].join('|');
    const same = next.object === now.object && other === drawn; // a delta omits unchanged objects
    now = next;
    drawn = other;
    if (same) return;
    const { object, name } = next;
    text(link, name);
    attr(link, 'title', name);
    attr(switcher, 'aria-label', words.now.override_of(name));
    text(draw, measured(object.power_w, metered));
    mark.update(state_kind(object.state), words.states[object.state] || object.state || words.common.no_value);
    text(since, object.since ? words.now.since(minute(object.since, page.zone)) : '');
    const override = override_text(object, page.zone);
    show(text(chip, override), override !== '');
    const differs = object.wanted && object.state !== object.wanted && ['on', 'off'].indexOf(object.state) >= 0;
    show(text(wanted, shadow ? words.now.would_be(object.wanted) : words.now.wanted(object.wanted)), differs);
    text(sentence, object.text || words.common.no_value);
    text(change, flip_text);
    change.style.visibility = flip_text ? '' : 'hidden';
    tick();
  };
  return { root, update, tick };
}

/// Returns the miners of the picture in the order of the rules.
export function miners_in_order(page) {
  const order = new Map();
  (Array.isArray(page.known.miners) ? page.known.miners : []).forEach((miner, index) => order.set(miner.slug, index));
  const items = [];
  page.live.objects.forEach((object, topic) => {
    if (topic.indexOf('miner/') !== 0) return;
    const key = topic.slice(6);
    items.push({ key, topic, object, name: page.known.name(key), explanation: page.known.of(key) });
  });
  const place = (item) => (order.has(item.key) ? order.get(item.key) : order.size);
  return items.map((item, index) => ({ item, index })).sort((a, b) => place(a.item) - place(b.item) || a.index - b.index).map((one) => one.item);
}

/// Returns all loads, one card each: `{root, update(), tick()}`.
export function load_cards(page) {
  const list = el('div', { class: 'loads' });
  const none = el('p', { class: 'muted', hidden: true }, words.now.no_loads + ' ', el('a', { href: '#/settings/miners' }, words.now.add_load));
  const update = keyed(list, (item) => guarded(() => load_card(page, item)));
  let parts = new Map();
  return {
    root: el('section', { class: 'part' }, el('h2', { class: 'part-title' }, words.now.loads), none, list),
    update() {
      const items = miners_in_order(page);
      show(none, items.length === 0);
      parts = update(items);
    },
    tick() {
      parts.forEach((part) => part.tick());
    },
  };
}

function fan_words(page, slug, zone) {
  if (typeof zone.fan_level !== 'number') return words.now.fan_unknown;
  if (zone.fan_level === 0) return words.now.fan_off;
  const settings = page.known.zone(slug);
  return settings && settings.fan_max_level > 1 ? words.now.fan(zone.fan_level, settings.fan_max_level) : words.now.fan_level(zone.fan_level);
}

function zone_card(page, item) {
  const link = el('a', { class: 'cover-link', href: '#/load/' + item.key + '/fan', dir: 'auto' });
  const degrees = el('span', { class: 'value load-watts' });
  const fan = state_mark('off', '');
  const heat = state_mark('off', '');
  const chip = el('span', { class: 'chip accent', hidden: true });
  const sentence = el('p', { class: 'value', dir: 'auto' });
  const of_fan = button(words.now.override_fan, () => open_override(page, item.key + '/fan'), null, { 'data-change': true });
  const of_heat = button(words.now.override_heat, () => open_override(page, item.key + '/heat'), null, { 'data-change': true });
  const root = el('article', { class: 'card load' },
    el('div', { class: 'load-head' }, el('h3', { class: 'clip' }, link), degrees),
    el('div', { class: 'load-state' }, fan.root, heat.root, chip),
    el('div', { class: 'load-foot' }, sentence, el('span', { class: 'pair' }, of_fan, of_heat)));
  const update = (next) => {
    const zone = next.object;
    const settings = page.known.zone(item.key) || {};
    text(link, next.name);
    attr(link, 'title', next.name);
    text(degrees, celsius(zone.temperature_c, page.unit));
    fan.update(zone.fan_level > 0 ? 'on' : typeof zone.fan_level === 'number' ? 'off' : 'unknown', fan_words(page, item.key, zone));
    heat.update(zone.heat === 'off' ? 'off' : 'on', words.now.heat[zone.heat] || zone.heat || words.common.no_value);
    const overrides = ['fan', 'heat'].map((part) => override_of_part(page, item.key, part, zone)).filter(Boolean).join(' · ');
    show(text(chip, overrides), overrides !== '');
    text(sentence, zone.text || words.common.no_value);
    show(of_fan, settings.exhaust_fan_enabled !== false);
    show(of_heat, Boolean(settings.heater_device_id));
    attr(of_fan, 'aria-label', words.now.override_part(words.now.fan_of(next.name)));
    attr(of_heat, 'aria-label', words.now.override_part(words.now.heat_of(next.name)));
  };
  return { root, update };
}

function override_of_part(page, slug, part, zone) {
  const what = zone[part + '_override'];
  if (what === undefined || what === null || what === 'auto') return '';
  const explanation = page.known.of(slug + '/' + part) || {};
  const shown = override_text({ override: what, override_until: explanation.override_until }, page.zone);
  return (part === 'fan' ? words.now.override_fan : words.now.override_heat) + ': ' + shown;
}

// Shows the charge order: allowed or blocked, and why.
function charge_card(page) {
  const mark = state_mark('off', '');
  const sentence = el('p', { class: 'value', dir: 'auto' });
  const root = el('article', { class: 'card load' }, el('div', { class: 'load-head' },
    el('h3', { class: 'clip' }, el('a', { class: 'cover-link', href: '#/load/charge' }, words.load.charging)), mark.root), sentence);
  return {
    root,
    update() {
      const charge = page.live.objects.get('charge');
      show(root, Boolean(charge));
      if (!charge) return;
      mark.update(charge.order === 'allowed' ? 'on' : 'warning', words.load[charge.order] || charge.order || words.common.no_value);
      text(sentence, charge.text);
    },
  };
}

/// Returns all zones: `{root, update()}`.
export function zone_cards(page) {
  const list = el('div', { class: 'loads' });
  const charge = guarded(() => charge_card(page));
  const root = el('section', { class: 'part' }, el('h2', { class: 'part-title' }, words.now.zones), list, charge.root);
  const update = keyed(list, (item) => guarded(() => zone_card(page, item)));
  return {
    root,
    update() {
      const items = [];
      page.live.objects.forEach((object, topic) => {
        if (topic.indexOf('zone/') !== 0) return;
        const key = topic.slice(5);
        const settings = page.known.zone(key);
        items.push({ key, object, name: (settings && settings.zone_name) || key });
      });
      update(items);
      charge.update();
    },
  };
}
