// View System: versions, computer, database, flash, clock, broker, sessions, backup, events, licenses.

import { el, fill, show, text } from './dom.js';
import { clock, day, duration, number, percent } from './format.js';
import { refusal } from './page.js';
import { button, card, guarded, register, state_mark } from './view.js';
import { sessions } from './system_sessions.js';
import { words } from './words_tools.js';

const system_words = words.system;
const every_ms = 15000;
const event_limit = 200;
const copy_look_ms = 2000;
const copy_looks = 300; // ten minutes
const level_kinds = { warning: 'warning', error: 'critical', critical: 'critical' };

function bytes(value) {
  if (value >= 1e9) return number(value / 1e9, 1) + ' GB';
  if (value >= 1e6) return number(value / 1e6, 1) + ' MB';
  return value >= 1e3 ? number(value / 1e3, 1) + ' kB' : number(value) + ' B';
}

const units = [
  [/(^|_)bytes(_|$)/, bytes],
  [/_kib$/, (value) => bytes(value * 1024)],
  [/_mb(_|$)/, (value) => number(value, 1) + ' MB'],
  [/_ms$/, (value) => number(value, value < 10 ? 1 : 0) + ' ms'],
  [/_s$/, duration],
  [/_(pct|percent)$/, percent],
];

const hidden = ['at', 'local']; // of the picture, not of the computer
const time = /^\d{4}-\d\d-\d\dT/;

/// Formats a value of /api/system by the unit in its key.
export function shown(key, value, zone) {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? system_words.yes : system_words.no;
  if (typeof value === 'number') {
    const unit = units.find(([ending]) => ending.test(key));
    return unit ? unit[1](value) : number(value, Number.isInteger(value) ? 0 : 2);
  }
  if (typeof value !== 'string') return '–';
  if (time.test(value)) return day(value, zone) + ' ' + clock(value, zone);
  return (system_words.values[key] && system_words.values[key][value]) || value;
}

const label = (key) => system_words.labels[key] || key.replace(/_(s|ms|bytes|mb|pct|percent)$/, '').replace(/_/g, ' ');

/// Returns the plain values of an object as [label, text], named ones first in the order of the words.
export function facts(object, zone) {
  const order = Object.keys(system_words.labels);
  const place = (key) => (order.indexOf(key) < 0 ? order.length : order.indexOf(key));
  return Object.keys(object).filter((key) => hidden.indexOf(key) < 0 && (typeof object[key] !== 'object' || object[key] === null))
    .sort((a, b) => place(a) - place(b)).map((key) => [label(key), shown(key, object[key], zone)]);
}

const fact_list = (rows) => el('dl', { class: 'facts-list' }, rows.map(([name, value]) => el('div', { class: 'fact' }, el('dt', null, name), el('dd', { dir: 'auto' }, value))));

/// Returns megabytes written per day as bars, newest on the right. The table beside it has the numbers.
function day_bars(days) {
  const most = Math.max(1, Math.max.apply(null, days.map((one) => one.mb)));
  const width = 10;
  return el('svg', { svg: true, class: 'day-bars', viewBox: '0 0 ' + days.length * width + ' 60', preserveAspectRatio: 'none', role: 'img', 'aria-label': system_words.written_label },
    days.map((one, i) => {
      const height = Math.max(1, (one.mb / most) * 56);
      return el('rect', { svg: true, class: 'bar', x: String(i * width + 1), y: String(60 - height), width: String(width - 2), height: String(height) });
    }));
}

function written(days) {
  const known = days.filter((one) => one && typeof one.mb === 'number');
  if (known.length === 0) return null;
  return el('div', null, el('p', { class: 'muted' }, system_words.written), day_bars(known),
    el('details', null, el('summary', null, system_words.as_table), el('table', { class: 'facts' },
      el('thead', null, el('tr', null, el('th', { scope: 'col' }, system_words.day), el('th', { scope: 'col', class: 'number' }, 'MB'))),
      el('tbody', null, known.slice().reverse().map((one) => el('tr', null, el('th', { scope: 'row' }, one.day), el('td', { class: 'number' }, number(one.mb, 1))))))));
}

function computer(page) {
  const root = el('div', { class: 'grid' });
  const note = el('p', { class: 'muted' });
  const draw = (body) => {
    const own = facts(body, page.zone);
    const groups = Object.keys(body).filter((key) => typeof body[key] === 'object' && body[key] !== null && !Array.isArray(body[key]));
    const order = Object.keys(system_words.groups);
    const place = (name) => (order.indexOf(name) < 0 ? order.length : order.indexOf(name));
    const cards = groups.sort((a, b) => place(a) - place(b)).map((name) => {
      const made = card(system_words.groups[name] || name.replace(/_/g, ' '));
      fill(made.body, fact_list(facts(body[name], page.zone)), Array.isArray(body[name].days) ? written(body[name].days) : null);
      return made.root;
    });
    const first = card(system_words.about);
    fill(first.body, fact_list(own));
    fill(root, own.length ? first.root : null, cards);
  };
  return {
    root: el('div', null, note, root),
    async fetch() {
      const answer = await page.ask('GET', '/api/system', { quiet: true });
      const good = answer.status === 200 && typeof answer.body === 'object' && answer.body !== null;
      text(note, good ? '' : answer.status === 404 ? system_words.not_available : refusal(answer) || system_words.no_answer);
      if (good) draw(answer.body);
    },
  };
}

/// Returns the state of a running copy once it ends.
async function copied(page) {
  let answer = null;
  for (let i = 0; i < copy_looks; i += 1) {
    await new Promise((done) => setTimeout(done, copy_look_ms));
    answer = await page.ask('GET', '/api/backup?what=state', { quiet: true });
    if (answer.status !== 200 || !answer.body || answer.body.state !== 'making') return answer;
  }
  return answer;
}

function backup(page) {
  const made = card(system_words.backup);
  const note = el('p', { role: 'status', dir: 'auto' });
  const whole = el('a', { class: 'button', href: '/api/backup?what=all', download: '', hidden: true }, system_words.backup_fetch);
  const start = async () => {
    text(note, system_words.backup_making);
    const begun = await page.ask('POST', '/api/backup', { body: {}, timeout: 30000 });
    const answer = begun.status === 202 ? await copied(page) : begun;
    const state = answer.status === 200 && answer.body ? answer.body.state : null;
    const ok = state === 'ready';
    text(note, ok ? system_words.backup_made : state === 'failed' ? answer.body.text : answer.status === 404 ? system_words.not_available : refusal(answer) || system_words.no_answer);
    show(whole, ok || answer.status === 429); // within an hour, the newest copy is still offered
  };
  fill(made.body, el('p', { class: 'muted' }, system_words.backup_note), el('div', { class: 'row-buttons' },
    el('a', { class: 'button', href: '/api/backup?what=settings', download: 'voltd-settings.json' }, system_words.backup_settings),
    button(system_words.backup_all, start, null, { 'data-change': true }), whole), note);
  made.root.classList.add('operate-only');
  return { root: made.root };
}

function safe_mode(page) {
  const made = card(system_words.safe_mode);
  fill(made.body, el('p', null, system_words.safe_mode_note), button(system_words.safe_mode_end, async () => {
    const answer = await page.ask('POST', '/api/safe-mode/end', { body: {} });
    page.notice(answer.status < 300 && answer.status > 0 ? system_words.safe_mode_ended : refusal(answer) || system_words.no_answer);
    page.hurry();
  }, null, { 'data-change': true }));
  show(made.root, false);
  return { root: made.root, update: (live) => show(made.root, live.objects.has('alarm/safe_mode')) };
}

function events(page) {
  const made = card(system_words.events, { class: 'news' });
  const list = el('ul', { class: 'rows event-list' });
  const note = el('p', { class: 'muted' });
  fill(made.body, note, list);
  return {
    root: made.root,
    async fetch() {
      const answer = await page.ask('GET', '/api/events?limit=' + event_limit, { quiet: true });
      const rows = answer.status === 200 && Array.isArray(answer.body) ? answer.body : null;
      text(note, rows === null ? (answer.status === 404 ? system_words.not_available : refusal(answer) || system_words.no_answer) : rows.length ? '' : system_words.no_events);
      fill(list, (rows || []).map((row) => el('li', null, el('div', null, el('span', { dir: 'auto' }, row.message),
        el('span', { class: 'muted line' }, day(row.at, page.zone) + ' ' + clock(row.at, page.zone))),
      level_kinds[row.level] ? state_mark(level_kinds[row.level], row.level).root : null)));
    },
  };
}

function licenses(page) {
  const made = card(system_words.licenses);
  const body = el('pre', { class: 'license-text', tabindex: '0' }, system_words.loading);
  const fetch = async () => {
    const answer = await page.ask('GET', '/api/system?licenses=1', { quiet: true });
    const good = answer.status === 200 && answer.body && typeof answer.body.licenses === 'string';
    text(body, good ? answer.body.licenses : system_words.license_note);
  };
  fill(made.body, el('details', { on: { toggle: fetch } }, el('summary', null, system_words.license_open), body), el('p', { class: 'muted' }, system_words.license_note));
  return { root: made.root };
}

register('system', (page) => {
  const about = computer(page);
  const who = sessions(page);
  const safe = safe_mode(page);
  const news = events(page);
  const parts = [about, { root: who.roots[0] }, { root: who.roots[1] }, backup(page), licenses(page), news].map((part) => guarded(() => part));
  let timer = null;
  const again = () => {
    if (!document.hidden) about.fetch();
    timer = setTimeout(again, every_ms);
  };
  let zone; // zone in which the times were drawn
  return {
    root: el('div', { class: 'view system' }, safe.root, parts.map((part) => part.root)),
    title: system_words.title,
    update(live) {
      safe.update(live);
      if (zone === page.zone) return;
      zone = page.zone;
      clearTimeout(timer);
      again();
      if (live.role === 'operate' || live.role === 'owner') who.fetch(); // a list for users who may end sessions
      news.fetch();
    },
    close: () => clearTimeout(timer),
  };
});
