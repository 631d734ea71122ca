// Changes of the settings, newest first: number, time, author, fields. Each can be undone after its dry run.

import { el, fill, keyed, show, text } from './dom.js';
import { clock, day } from './format.js';
import { button } from './view.js';
import { fields_table, undo_change } from './effect.js';
import { read_row, waiting_view } from './setting_parts.js';
import { words } from './words_settings.js';

const log_words = words.log;
const page_size = 50, most = 1000;

/// Opens `#/settings/changes`.
export function open_changes(page) {
  return waiting_view(page, { title: words.changes, back: { address: '#/settings', title: words.title } }, () => change_list(page));
}

/// Groups rows of the history into changes: all rows of one edit share its number.
export function grouped(rows) {
  const changes = [];
  rows.forEach((row) => {
    const last = changes[changes.length - 1];
    if (last && last.key === row.change) last.rows.push(row);
    else changes.push({ key: row.change, at: row.at, who: row.who, rows: [row] });
  });
  return changes;
}

async function change_list(page) {
  let limit = page_size, seen;
  const list = el('ol', { class: 'changes' });
  const none = el('p', { class: 'muted' }, log_words.none);
  const draw = keyed(list, (item) => change_part(page, item, () => read()));
  const more = button(log_words.more, () => {
    limit = Math.min(limit * 4, most);
    read().catch(() => null);
  });
  async function read() {
    const { body } = await read_row(page, '/api/settings/history?limit=' + limit);
    const changes = grouped(body);
    // The limit may cut the oldest one, so it is shown with the next page.
    const whole = body.length === limit && changes.length > 1 ? changes.slice(0, -1) : changes;
    draw(whole);
    show(none, whole.length === 0);
    show(more, body.length === limit && limit < most);
  }
  await read();
  return { root: el('div', null, none, list, more), close() {}, update(live) {
    if (seen !== undefined && seen !== live.change) read().catch(() => null);
    seen = live.change;
  } };
}

function row_name(page, row) {
  if (row.table === 'user_preferences') return log_words.site_row;
  const known = (page.known.miners || []).concat(page.known.zones || []).find((one) => one.id === row.id);
  return known ? known.name || known.zone_name : row.row;
}

function row_part(page, row) {
  if (row.what === 'changed') return el('div', null, el('h3', { dir: 'auto' }, row_name(page, row)), fields_table(row.fields));
  const title = (row.what === 'added' ? log_words.added : log_words.removed)(row_name(page, row));
  return el('details', null, el('summary', { dir: 'auto' }, title), fields_table(row.fields));
}

function change_part(page, change, after) {
  const when = el('span', { class: 'muted' }), body = el('div');
  const undo = button(log_words.undo, () => undo_change(page, change.key, after), null, { 'data-change': true, 'aria-label': log_words.undo + ', ' + log_words.number(change.key) });
  const head = el('div', { class: 'change-head' }, el('div', null, el('h2', null, log_words.number(change.key)), when), undo);
  fill(body, change.rows.map((row) => row_part(page, row)));
  const root = el('li', { class: 'card', 'data-change-number': change.key }, head, body);
  return { root, update: () => text(when, day(change.at, page.zone) + ', ' + clock(change.at, page.zone) + ', ' + (log_words.who[change.who] || log_words.by(change.who))) };
}

