// Effect of a settings change: the dry run in words, the question before it, undo.

import { el } from './dom.js';
import { celsius, number, volts } from './format.js';
import { refusal } from './page.js';
import { words as common } from './words.js';
import { labels, choices, units, words } from './words_settings.js';

const gates = common.gates || {};

const column_unit = (name) => units[name] || (/voltage/.test(name) ? 'V' : /^temp_|_c$/.test(name) ? '°C' : '');

/// Reads points of a curve, which the history of settings writes as `45.0:0,47.0:15`.
function points_of(value) {
  if (Array.isArray(value)) return value;
  return String(value).split(',').map((pair) => pair.split(':')).map(([voltage, soc]) => ({ voltage: Number(voltage), soc }));
}

/// Returns the value of a column in words. The change log has it as text, including "null".
export function value_text(name, value) {
  if ([null, undefined, '', 'null'].indexOf(value) >= 0) return words.null_value;
  if (value === true || value === 'true') return words.yes;
  if (value === false || value === 'false') return words.no;
  if (choices[name] && choices[name][value]) return choices[name][value];
  if (name === 'voltage_curve') return points_of(value).map((point) => number(point.voltage, 2) + '\u00a0V ' + point.soc + '\u00a0%').join(', ');
  const unit = column_unit(name);
  if (typeof value !== 'number') return unit && /^-?[\d.]+$/.test(value) ? value_text(name, Number(value)) : String(value);
  if (unit === 'V') return volts(value);
  if (unit === '°C') return celsius(value, 'C');
  return number(value, Math.min((String(value).split('.')[1] || '').length, 4)) + (unit ? '\u00a0' + unit : '');
}

/// Turns voltd's text into a sentence.
export const sentence = (said) => (said ? said[0].toUpperCase() + said.slice(1) : '');

/// Returns the name of a column.
export const label_of = (name) => labels[name] || name;

const made_by_voltd = ['id', 'user_id', 'slug', 'created_at', 'updated_at'];

/// Returns a table of texts. The first cell of a row is its name.
export function table_of(head, rows) {
  return el('table', { class: 'before-after' }, el('thead', null, el('tr', null, head.map((word) => el('th', { scope: 'col' }, word)))),
    el('tbody', null, rows.map((row) => el('tr', null, el('th', { scope: 'row', dir: 'auto' }, row[0]), row.slice(1).map((cell) => el('td', { dir: 'auto' }, cell))))));
}

/// Returns a table of fields: name, before, after.
export function fields_table(fields) {
  return table_of([words.effect.field, words.effect.before, words.effect.after], Object.keys(fields).filter((name) => made_by_voltd.indexOf(name) < 0)
    .map((name) => [label_of(name), value_text(name, fields[name].before), value_text(name, fields[name].after)]));
}

/// Returns "Primary S21+ (primary-s21) OFF: 51.20 V is below its stop voltage", with voltd's sentence.
function order_text(page, order) {
  const state = typeof order.order === 'number' ? words.effect.level(order.order) : words.effect[order.order] || order.order;
  const name = order.load ? words.effect.load(page.known.name(order.load), order.output) : order.output;
  return words.effect.order(name, state, order.text || gates[order.reason] || order.reason);
}

function list(title, lines, none) {
  const body = lines.length ? el('ul', { class: 'lines' }, lines.map((line) => el('li', { dir: 'auto' }, line))) : el('p', { class: 'muted' }, none);
  return el('section', { class: 'effect' }, el('h3', null, title), body);
}

/// Returns what the loads of the changed rows would do, and others that would change, in voltd's sentences.
function verdicts(page, body) {
  const explain = body.explain || {};
  const rows = (body.changes || []).map((change) => change.row);
  return Object.keys(explain).filter((load) => {
    const now = page.known.of(load);
    return rows.indexOf(load.split('/')[0]) >= 0 || (now && (now.wanted !== explain[load].wanted || now.reason !== explain[load].reason));
  }).map((load) => words.effect.verdict(explain[load].name, explain[load].wanted, explain[load].text));
}

/// Returns the answer of a dry run: orders at this moment, warnings, and the fields.
export function effect_content(page, body) {
  const orders = Array.isArray(body.would) ? body.would.map((order) => order_text(page, order)) : [];
  const rows = (body.changes || []).map((change) => {
    if (change.what === 'added') return el('p', { dir: 'auto' }, words.effect.added(change.row));
    if (change.what === 'removed') return el('p', { dir: 'auto' }, words.effect.removed(change.row));
    return fields_table(change.fields);
  });
  const loads = verdicts(page, body);
  return el('div', null,
    list(words.effect.now, orders, body.would ? words.effect.no_orders : words.effect.unknown),
    loads.length ? list(words.effect.loads, loads) : null,
    list(words.effect.warnings, (body.warnings || []).map(sentence), words.effect.no_warnings),
    el('section', { class: 'effect' }, el('h3', null, words.effect.changes), rows));
}

/// Shows a sheet with a message only.
export function inform(page, title, content) {
  return page.sheet({ title, content: typeof content === 'string' ? el('p', { dir: 'auto' }, content) : content,
    buttons: [{ label: words.refused.close, kind: 'primary' }] });
}

/// Explains why something was not done: voltd's sentence, and each field that it names.
export function tell_refusal(page, reply) {
  const problems = (reply.body && reply.body.problems) || [];
  inform(page, words.refused.title, el('div', null, el('p', { dir: 'auto' }, sentence(refusal(reply) || words.form.no_answer)),
    problems.length > 1 ? el('ul', { class: 'lines' }, problems.slice(1).map((it) => el('li', { dir: 'auto' }, it.error))) : null));
}

const ends_guard = (reply) => reply.status === 409 && reply.body && reply.body.need === '?end_guard=1';

/// Asks before it removes the last guard against charging in the cold.
function ask_guard(page, reply, go_on) {
  page.sheet({ title: words.guard.title,
    content: el('div', null, el('p', { dir: 'auto' }, sentence(refusal(reply)) + '.'), el('p', null, words.guard.text)),
    buttons: [{ label: words.guard.keep, kind: 'primary' }, { label: words.guard.end, kind: 'danger', act: go_on, changes: true }] });
}

async function really(page, job, flags) {
  const reply = await job.ask(flags);
  const again = () => really(page, job, Object.assign({ end_guard: '1' }, flags));
  if (ends_guard(reply)) ask_guard(page, reply, again);
  else if (reply.status >= 200 && reply.status < 300) job.done(reply);
  else job.refused(reply);
}

/// Tries a change, shows its effect, and does it. `job`: `{title, label, kind, lead, ask(flags) -> Promise<reply>, done(reply),
/// refused(reply)}`. `always`: asks even if it switches nothing and there are no warnings. `only_try`: shows only. `more()`: a
/// node for the bottom.
export async function try_then_do(page, job, given) {
  const flags = given || {};
  const tried = await job.ask(Object.assign({ dry_run: '1' }, flags));
  if (ends_guard(tried)) {
    ask_guard(page, tried, () => try_then_do(page, job, Object.assign({ end_guard: '1' }, flags)));
    return;
  }
  if (tried.status !== 200 || !tried.body) {
    job.refused(tried);
    return;
  }
  const news = !tried.body.would || tried.body.would.length > 0 || (tried.body.warnings || []).length > 0;
  if (!job.always && !job.only_try && !news) {
    await really(page, job, flags);
    return;
  }
  const close = { label: job.only_try ? words.effect.close : words.effect.cancel, kind: job.only_try ? 'primary' : null };
  const go_on = { label: job.label, kind: job.kind || 'primary', changes: true, act: () => {
    really(page, job, flags);
  } };
  page.sheet({ title: job.title, buttons: job.only_try ? [close] : [go_on, close],
    content: el('div', null, job.lead ? el('p', { dir: 'auto' }, job.lead) : null, effect_content(page, tried.body), job.more ? job.more() : null) });
}

/// Returns `path?changes=1&dry_run=1`.
export function flagged(path, flags) {
  const pairs = Object.assign({ changes: '1' }, flags);
  return path + '?' + Object.keys(pairs).map((name) => name + '=' + pairs[name]).join('&');
}

const restore = (page, change) => (flags) => page.ask('POST', flagged('/api/settings/restore', flags), { body: { undo: change }, timeout: 15000 });

/// Shows "Saved, in force. Undo" for 30 s.
export function said_saved(page, sentence, change, after) {
  const undo = () => really(page, { ask: restore(page, change), refused: (reply) => tell_refusal(page, reply), done: () => {
    page.notice(words.log.undone(change));
    page.hurry();
    after();
  } }, {});
  page.notice(sentence, change ? { label: words.form.undo, act: undo, seconds: 30 } : {});
}

/// Undoes a change after its dry run, as in the list of changes.
export function undo_change(page, change, after) {
  return try_then_do(page, {
    title: words.log.undo_title(change), label: words.log.undo, always: true, ask: restore(page, change),
    refused: (reply) => tell_refusal(page, reply),
    done: (reply) => {
      said_saved(page, words.log.undone(change), reply.body.change, after);
      page.hurry();
      after();
    },
  });
}
