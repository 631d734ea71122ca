// System: who is signed in, signing another device in, keys of programs.

import { el, fill, text } from './dom.js';
import { day } from './format.js';
import { refusal } from './page.js';
import { button, card } from './view.js';
import { words } from './words_tools.js';

const said = words.system;
const why = (answer) => refusal(answer) || (answer.status === 0 ? said.no_answer : 'HTTP ' + answer.status);

function choice(label, options, chosen) {
  const field = el('select', null, options.map(([value, word]) => el('option', { value, selected: value === chosen }, word)));
  return { root: el('label', { class: 'field' }, el('span', null, label), field), value: () => field.value };
}

const days_choice = () => choice(said.days, said.day_choices, '400');

/// The picture is of voltd's own making; as an image nothing in it can act.
function qr(svg) {
  return typeof svg === 'string' && svg.indexOf('<svg') >= 0
    ? el('img', { class: 'qr', alt: said.qr, src: 'data:image/svg+xml,' + encodeURIComponent(svg) }) : null;
}

function show_code(place, made, page) {
  fill(place, qr(made.svg), el('p', { class: 'code' }, made.code), el('p', { dir: 'auto' }, el('a', { href: made.url }, made.url)),
    el('p', { class: 'muted' }, said.code_note(day(made.expires, page.zone))));
}

function code_sheet(page) {
  const role = choice(said.role, [['operate', said.roles.operate], ['view', said.roles.view]], 'operate');
  const days = days_choice();
  const place = el('div', { class: 'code-place', role: 'status' });
  const make = button(said.make_code, async () => {
    const answer = await page.ask('POST', '/api/sessions/code', { body: { role: role.value(), days: Number(days.value()) } });
    if (answer.status >= 200 && answer.status < 300) show_code(place, answer.body, page);
    else fill(place, el('p', { class: 'error', dir: 'auto' }, why(answer)));
  }, 'primary', { 'data-change': true });
  page.sheet({ title: said.other_device, content: el('div', null, role.root, days.root, make, place) });
}

function key_sheet(page, changed) {
  const name = el('input', { type: 'text', maxlength: '40', autocomplete: 'off' });
  const role = choice(said.role, [['view', said.roles.view], ['propose', said.roles.propose], ['operate', said.roles.operate]], 'view');
  const days = days_choice();
  const place = el('div', { role: 'status' });
  const make = button(said.make_key, async () => {
    const answer = await page.ask('POST', '/api/sessions/key', { body: { name: name.value, role: role.value(), days: Number(days.value()) } });
    if (answer.status !== 201) {
      fill(place, el('p', { class: 'error', dir: 'auto' }, why(answer)));
      return;
    }
    fill(place, el('p', { class: 'key' }, answer.body.key), el('p', { class: 'muted' }, said.key_once));
    make.disabled = true;
    changed();
  }, 'primary', { 'data-change': true });
  page.sheet({ title: said.new_key, content: el('div', null, el('label', { class: 'field' }, el('span', null, said.key_name), name), role.root, days.root, make, place) });
}

function session_row(page, row, changed) {
  const out = async () => {
    const answer = await page.ask('DELETE', '/api/sessions/' + encodeURIComponent(row.id));
    if (row.own && answer.status === 204) window.location.reload();
    else if (answer.status !== 204) page.notice(why(answer));
    changed();
  };
  const seen = row.last_seen ? said.last_seen(day(row.last_seen, 0)) : said.never_seen;
  const facts = [said.roles[row.role] || row.role, seen, said.until(day(row.expires, page.zone))];
  return el('li', null, el('div', null, el('b', { dir: 'auto' }, row.name || '–'), row.own ? el('span', { class: 'chip accent' }, said.own) : null,
    el('span', { class: 'muted line' }, facts.join(' · '))),
  button(row.kind === 'program' ? said.remove : said.sign_out, out, null, { 'data-change': true, 'aria-label': (row.kind === 'program' ? said.remove : said.sign_out) + ' ' + row.name }));
}

function sure(page, question, label, act) {
  page.sheet({ title: question, content: el('p', null, said.sign_out_all_note), buttons: [{ label: said.keep }, { label, kind: 'danger', act }] });
}

async function sign_out_all(page, rows) {
  // The own one last: without it the others could not be ended any more.
  for (const row of rows.filter((one) => !one.own).concat(rows.filter((one) => one.own)))
    await page.ask('DELETE', '/api/sessions/' + encodeURIComponent(row.id), { quiet: true });
  window.location.reload();
}

/// Two cards: browsers and programs; `{roots, fetch()}`.
export function sessions(page) {
  const browsers = card(said.sessions);
  const programs = card(said.keys);
  const lists = [el('ul', { class: 'rows' }), el('ul', { class: 'rows' })];
  const notes = [el('p', { class: 'muted' }), el('p', { class: 'muted' })];
  const all = button(said.sign_out_all, () => sure(page, said.sign_out_all, said.sign_out_all, () => sign_out_all(page, shown)), 'danger', { 'data-change': true });
  let shown = [];

  async function fetch() {
    const answer = await page.ask('GET', '/api/sessions', { quiet: true });
    const good = answer.status === 200 && Array.isArray(answer.body);
    const rows = good ? answer.body : [];
    shown = rows.filter((row) => row.kind !== 'program');
    [shown, rows.filter((row) => row.kind === 'program')].forEach((some, i) => {
      fill(lists[i], some.map((row) => session_row(page, row, fetch)));
      text(notes[i], !good ? (answer.status === 404 ? said.not_available : why(answer)) : some.length ? '' : [said.no_sessions, said.no_keys][i]);
    });
    all.hidden = shown.length === 0;
  }
  browsers.body.appendChild(el('div', null, notes[0], lists[0],
    el('div', { class: 'row-buttons' }, button(said.other_device, () => code_sheet(page), null, { 'data-change': true }), all)));
  programs.body.appendChild(el('div', null, notes[1], lists[1],
    el('div', { class: 'row-buttons' }, button(said.new_key, () => key_sheet(page, fetch), null, { 'data-change': true }))));
  return { roots: [browsers.root, programs.root], fetch };
}
