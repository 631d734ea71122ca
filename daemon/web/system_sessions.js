// System: signed-in browsers, sign-in of another device, keys of programs.

import { el, fill, text } from './dom.js';
import { clock, day } from './format.js';
import { refusal } from './page.js';
import { button, card } from './view.js';
import { words } from './words_tools.js';

const session_words = words.system;
const why = (answer) => refusal(answer) || (answer.status === 0 ? session_words.no_answer : 'HTTP ' + answer.status);

function choice(label, options, chosen) {
  const field = el('select', null, options.map(([value, word]) => el('option', { value, selected: value === chosen }, word)));
  return { root: el('label', { class: 'field' }, el('span', null, label), field), value: () => field.value };
}

const days_choice = () => choice(session_words.days, session_words.day_choices, '400');

/// Returns the QR code. voltd makes the picture, and as an image nothing in it can act.
function qr(svg) {
  return typeof svg === 'string' && svg.indexOf('<svg') >= 0
    ? el('img', { class: 'qr', alt: session_words.qr, src: 'data:image/svg+xml,' + encodeURIComponent(svg) }) : null;
}

function show_code(place, made) {
  fill(place, qr(made.svg), el('p', { class: 'code' }, made.code), el('p', { dir: 'auto' }, el('a', { href: made.url }, made.url)),
    el('p', { class: 'muted' }, session_words.code_note(made.days)));
}

function code_sheet(page) {
  const role = choice(session_words.role, [['operate', session_words.roles.operate], ['view', session_words.roles.view]], 'operate');
  const days = days_choice();
  const place = el('div', { class: 'code-place', role: 'status' });
  const make = button(session_words.make_code, async () => {
    const answer = await page.ask('POST', '/api/sessions/code', { body: { role: role.value(), days: Number(days.value()) } });
    if (answer.status >= 200 && answer.status < 300) show_code(place, answer.body);
    else fill(place, el('p', { class: 'error', dir: 'auto' }, why(answer)));
  }, 'primary', { 'data-change': true });
  page.sheet({ title: session_words.other_device, content: el('div', null, role.root, days.root, make, place) });
}

function key_sheet(page, changed) {
  const name = el('input', { type: 'text', maxlength: '40', autocomplete: 'off' });
  const role = choice(session_words.role, [['view', session_words.roles.view], ['propose', session_words.roles.propose], ['operate', session_words.roles.operate]], 'view');
  const days = days_choice();
  const place = el('div', { role: 'status' });
  const make = button(session_words.make_key, async () => {
    const answer = await page.ask('POST', '/api/sessions/key', { body: { name: name.value, role: role.value(), days: Number(days.value()) } });
    if (answer.status !== 201) {
      fill(place, el('p', { class: 'error', dir: 'auto' }, why(answer)));
      return;
    }
    fill(place, el('p', { class: 'key' }, answer.body.key), el('p', { class: 'muted' }, session_words.key_once(day(answer.body.expires, page.zone))));
    make.disabled = true;
    changed();
  }, 'primary', { 'data-change': true });
  page.sheet({ title: session_words.new_key, content: el('div', null, el('label', { class: 'field' }, el('span', null, session_words.key_name), name), role.root, days.root, make, place) });
}

function session_row(page, row, changed) {
  const end = async () => {
    const answer = await page.ask('DELETE', '/api/sessions/' + encodeURIComponent(row.id));
    if (row.own && answer.status === 204) window.location.reload();
    else if (answer.status !== 204) page.notice(why(answer));
    changed();
  };
  const out = () => page.sheet({ title: session_words.sign_out_of(row.name || '–'), content: el('p', null, row.own ? session_words.sign_out_own_note : session_words.sign_out_note),
    buttons: [{ label: session_words.keep }, { label: row.kind === 'program' ? session_words.remove : session_words.sign_out, kind: 'danger', act: end, changes: true }] });
  const seen = row.last_seen ? session_words.last_seen(day(row.last_seen, 0)) : session_words.never_seen;
  const since = row.created ? session_words.signed_in_at(day(row.created, page.zone) + ' ' + clock(row.created, page.zone)) : null;
  const facts = [session_words.roles[row.role] || row.role, since, seen, session_words.until(day(row.expires, page.zone))].filter(Boolean);
  return el('li', null, el('div', null, el('b', { dir: 'auto' }, row.name || '–'), row.own ? el('span', { class: 'chip accent' }, session_words.own) : null,
    el('span', { class: 'muted line' }, facts.join(' · '))),
  button(row.kind === 'program' ? session_words.remove : session_words.sign_out, out, null, { 'data-change': true, 'aria-label': (row.kind === 'program' ? session_words.remove : session_words.sign_out) + ' ' + row.name }));
}

function sure(page, question, label, act) {
  page.sheet({ title: question, content: el('p', null, session_words.sign_out_all_note), buttons: [{ label: session_words.keep }, { label, kind: 'danger', act, changes: true }] });
}

async function sign_out_all(page, rows) {
  // End the own one last, because the others could not be ended without it.
  for (const row of rows.filter((one) => !one.own).concat(rows.filter((one) => one.own)))
    await page.ask('DELETE', '/api/sessions/' + encodeURIComponent(row.id), { quiet: true });
  window.location.reload();
}

/// Returns two cards: browsers and programs; `{roots, fetch()}`.
export function sessions(page) {
  const browsers = card(session_words.sessions);
  const programs = card(session_words.keys);
  const lists = [el('ul', { class: 'rows' }), el('ul', { class: 'rows' })];
  const notes = [el('p', { class: 'muted' }), el('p', { class: 'muted' })];
  const all = button(session_words.sign_out_all, () => sure(page, session_words.sign_out_all, session_words.sign_out_all, () => sign_out_all(page, shown)), 'danger', { 'data-change': true });
  let shown = [];

  async function fetch() {
    const answer = await page.ask('GET', '/api/sessions', { quiet: true });
    const good = answer.status === 200 && Array.isArray(answer.body);
    const rows = good ? answer.body : [];
    shown = rows.filter((row) => row.kind !== 'program');
    [shown, rows.filter((row) => row.kind === 'program')].forEach((some, i) => {
      fill(lists[i], some.map((row) => session_row(page, row, fetch)));
      text(notes[i], !good ? (answer.status === 404 ? session_words.not_available : why(answer)) : some.length ? '' : [session_words.no_sessions, session_words.no_keys][i]);
    });
    all.hidden = shown.length === 0;
  }
  browsers.body.appendChild(el('div', null, notes[0], lists[0],
    el('div', { class: 'row-buttons' }, button(session_words.other_device, () => code_sheet(page), null, { 'data-change': true }), all)));
  programs.body.appendChild(el('div', null, notes[1], lists[1],
    el('div', { class: 'row-buttons' }, button(session_words.new_key, () => key_sheet(page, fetch), null, { 'data-change': true }))));
  [browsers.root, programs.root].forEach((root) => root.classList.add('changes'));
  return { roots: [browsers.root, programs.root], fetch };
}
