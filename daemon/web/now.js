// View Now: current state of the site, from the worst alarm to the last events.

import { attr, el, keyed, show, text } from './dom.js';
import { dash, minute } from './format.js';
import { battery_card } from './meter.js';
import { load_cards, zone_cards } from './cards.js';
import { flow } from './flow.js';
import { card, guarded, register } from './view.js';
import { words } from './words.js';

const last_events = 5;
const asked_events = 50; // sign-ins and sign-outs among them are not shown

function strip(page) {
  const mode = el('button', { type: 'button', class: 'button mode', on: { click: () => page.use('override', (open_sheet) => open_sheet.mode(page)) } }, words.now.mode(dash));
  const badges = el('p', { class: 'badges' });
  const update_badges = keyed(badges, (badge) => ({ root: el('span', { class: 'chip ' + badge.kind, title: badge.title }, badge.text) }));
  return {
    root: el('div', { class: 'strip' }, mode, badges),
    update(live) {
      const site = live.objects.get('site') || {};
      text(mode, words.now.mode(words.modes[site.mode] || site.mode || words.common.no_value));
      mode.disabled = !page.canChange();
      update_badges(badges_of(site, live.objects));
    },
  };
}

/// Returns the badges that apply.
export function badges_of(site, objects) {
  const badge = (key, kind) => ({ key, kind, text: words.now[key], title: words.now[key + '_title'] });
  return [
    site.commands === 'shadow' ? badge('shadow', 'accent') : null,
    objects.has('alarm/safe_mode') ? badge('safe_mode', 'warning') : null,
    site.degraded === true ? badge('degraded', 'warning') : null,
    site.clock === 'simulated' ? badge('clock_simulated', '') : null,
    site.clock_trusted === false && site.clock !== 'simulated' ? badge('clock_untrusted', 'warning') : null,
  ].filter(Boolean);
}

/// Returns the alarms of the picture, worst first: `[{name, object}]`.
export function alarms_of(objects) {
  const listed = objects.get('alarms') && Array.isArray(objects.get('alarms').list) ? objects.get('alarms').list.map((one) => one.alarm) : [];
  const place = (one) => (listed.indexOf(one.name) < 0 ? listed.length : listed.indexOf(one.name));
  const all = [];
  objects.forEach((object, topic) => {
    if (topic.indexOf('alarm/') === 0) all.push({ name: topic.slice(6), object });
  });
  const weight = (one) => (one.object.severity === 'critical' ? 0 : 1);
  return all.sort((a, b) => weight(a) - weight(b) || place(a) - place(b));
}

function worst_alarm() {
  const severity = el('b', { class: 'alarm-word' });
  const sentence = el('span', { dir: 'auto' });
  const remedy = el('p', { dir: 'auto' });
  const more = el('span');
  const root = el('a', { class: 'alarm-card', href: '#/alarms', hidden: true }, el('p', null, severity, ' ', sentence), remedy, more);
  return {
    root,
    update(live) {
      const all = alarms_of(live.objects);
      show(root, all.length > 0);
      if (all.length === 0) return;
      const worst = all[0].object;
      attr(root, 'data-severity', worst.severity);
      text(severity, (words.severities[worst.severity] || worst.severity) + ':');
      text(sentence, worst.text);
      show(text(remedy, worst.remedy), Boolean(worst.remedy));
      show(text(more, words.now.more_alarms(all.length - 1)), all.length > 1);
    },
  };
}

/// Formats an event from the picture or from /api/events.
export function event_of(one) {
  const data = one.data && typeof one.data === 'object' ? one.data : {};
  // The command that undoes a change is for a terminal.
  return { at: one.at, text: String(one.message || one.text || data.text || '').replace(/; undo: voltctl .*$/, ''), level: one.level || 'info' };
}

/// Returns the events of the site in /api/events for display. Sign-ins are in System.
export const events_of_site = (answer) => (answer.status === 200 && Array.isArray(answer.body) ? answer.body : [])
  .filter((one) => one.kind !== 'session').map(event_of);

function events(page) {
  const whole = card(words.now.events, { class: 'events' });
  const list = el('ul', { class: 'rows' });
  const none = el('p', { class: 'muted', hidden: true }, words.now.no_events);
  whole.body.appendChild(list);
  whole.body.appendChild(none);
  let earlier = null;
  const draw = keyed(list, (event) => {
    const time = el('time', { datetime: event.at, class: 'muted' });
    const link = el('a', { class: 'event', href: '#/history?h=1&at=' + encodeURIComponent(event.at) }, time, el('span', { dir: 'auto' }, event.text));
    return { root: el('li', null, link), update: () => text(time, minute(event.at, page.zone)) };
  });
  const update = () => {
    const seen = new Map();
    page.live.events.map(event_of).concat(earlier || []).forEach((event) => {
      const key = event.at + ' ' + event.text;
      if (!seen.has(key)) seen.set(key, Object.assign({ key }, event));
    });
    const newest = Array.from(seen.values()).sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, last_events);
    show(none, newest.length === 0 && earlier !== null);
    draw(newest);
  };
  page.ask('GET', '/api/events?limit=' + asked_events, { quiet: true }).then((answer) => {
    earlier = events_of_site(answer);
    if (page.live.received !== null) update();
  });
  return { root: whole.root, update };
}

function open_now(page) {
  const parts = {
    strip: guarded(() => strip(page)), alarm: guarded(worst_alarm), battery: guarded(() => battery_card(page)),
    flow: guarded(() => {
      const whole = card(words.now.flow);
      const picture = flow();
      whole.body.appendChild(picture.root);
      return { root: whole.root, update: picture.update };
    }),
    loads: guarded(() => load_cards(page)), zones: guarded(() => zone_cards(page)), events: guarded(() => events(page)),
  };
  const root = el('div', { class: 'view now' }, parts.strip.root, parts.alarm.root,
    el('div', { class: 'columns' }, el('div', null, parts.battery.root, parts.flow.root), el('div', null, parts.loads.root, parts.zones.root, parts.events.root)));
  const again = () => parts.battery.update(page.live);
  window.addEventListener('resize', again);
  return {
    root,
    title: words.now.title,
    update(live) {
      Object.keys(parts).forEach((name) => parts[name].update(live));
    },
    tick() {
      parts.loads.tick();
      parts.battery.update(page.live);
    },
    close() {
      window.removeEventListener('resize', again);
    },
  };
}

register('now', open_now);
