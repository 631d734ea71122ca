// Shared parts of miners and zones: the list, the form of one row or a new one, copy, disable, delete, the choice of an output.

import { attr, el, icon, keyed, show, text } from './dom.js';
import { watts } from './format.js';
import { button } from './view.js';
import { flagged, said_saved, tell_refusal, try_then_do } from './effect.js';
import { drop_draft, Form, read_schemas } from './form.js';
import { form_body, group, read_row, waiting_view } from './setting_parts.js';
import { words } from './words_settings.js';

const row_words = words.row;
const name_of = (row) => row.name || row.zone_name;

/// Opens the views of a table. `kind`: `{table, path, address, title, name (its column), words, needed (for a new row), line(row)
/// -> text, chips(row) -> [word], order(row), cards(page, form, outputs) -> Promise<{left, right, parts}>}`.
export function open_rows(page, parameters, kind) {
  const id = parameters.path[2];
  if (!id) return waiting_view(page, { title: kind.title, back: { address: '#/settings', title: words.title } }, () => row_list(page, kind));
  return waiting_view(page, { title: kind.title, back: { address: kind.address, title: kind.title } }, () => row_form(page, kind, id, parameters.query.copy));
}

// ---- list

async function row_list(page, kind) {
  const places = el('ol', { class: 'rows' });
  const none = el('p', { class: 'muted' }, row_words.empty);
  const draw = keyed(places, () => list_row(page, kind));
  let rows = [], change;
  const show_rows = () => draw(rows.map((row) => ({ key: row.id, row })));
  const read = async () => {
    rows = (await read_row(page, kind.path)).body;
    show(none, rows.length === 0);
    show_rows();
  };
  await read();
  const root = el('div', null, group(null, none, places), el('a', { class: 'button', href: kind.address + '/new', 'data-change': true }, kind.words.add));
  return { root, close() {}, update(live) {
    if (change !== undefined && change !== live.change) read().catch(() => null);
    else show_rows();
    change = live.change;
  } };
}

function list_row(page, kind) {
  const name = el('b', { dir: 'auto' }), order = el('span'), line = el('span', { class: 'muted values' }), chip = el('span', { class: 'chip' });
  const link = el('a', { class: 'menu-link menu-row' }, kind.order ? el('span', { class: 'order' }, el('span', { class: 'unseen' }, row_words.order + ' '), order) : null,
    el('span', { class: 'grow' }, name, line), chip, icon('chevron'));
  return { root: el('li', null, link), update({ row }) {
    attr(link, 'href', kind.address + '/' + row.id);
    text(name, name_of(row));
    text(line, kind.line(page, row));
    if (kind.order) text(order, String(kind.order(row)));
    const word = row.enabled ? kind.chip(row) : row_words.disabled;
    show(text(chip, word || ''), Boolean(word));
  } };
}

// ---- form

/// Returns a row as voltd would create it: a dry run answers its defaults. Required values are empty.
async function fresh_row(page, kind) {
  const needed = Object.assign({ [kind.name]: 'x' + Date.now() }, kind.needed);
  const reply = await page.ask('POST', flagged(kind.path, { dry_run: '1' }), { body: needed, timeout: 15000 });
  if (reply.status !== 200 || !reply.body.changes) throw new Error(words.load_failed);
  const fields = reply.body.changes[0].fields;
  const row = {};
  Object.keys(fields).forEach((field) => {
    row[field] = field in needed ? null : fields[field].after;
  });
  return Object.assign(row, { slug: null, [kind.name]: '' });
}

async function row_of(page, kind, id, copy) {
  const place = id + (copy ? '?copy=' + copy : '');
  const common = { table: kind.table, address: kind.address + '/' + place, key: kind.table + '/' + place };
  if (id === 'new') return Object.assign(common, { title: kind.words.fresh, path: kind.path, fresh: true, values: await fresh_row(page, kind), etag: null });
  const path = kind.path + '/' + encodeURIComponent(id);
  const reply = await read_row(page, path, () => drop_draft(page, common.key));
  return Object.assign(common, { list: kind.address, path, title: name_of(reply.body), values: reply.body, etag: reply.etag });
}

async function row_form(page, kind, id, copy) {
  const [schemas, row, outputs, copied] = await Promise.all([read_schemas(page), row_of(page, kind, id, copy), page.ask('GET', '/api/outputs', { quiet: true }),
    copy ? read_row(page, kind.path + '/' + encodeURIComponent(copy)) : null]);
  if (!schemas) throw new Error(words.load_failed);
  const gone = () => page.go(kind.address);
  const form = new Form(page, Object.assign(row, { schemas: schemas[kind.table] }, row.fresh ? { discarded: gone, undone: gone, saved(change) {
    form.asked = true;
    page.go(change ? kind.address + '/' + change.id : kind.address);
  } } : null));
  if (copied && !form.is_dirty()) copy_into(form, kind, copied.body);
  const list = outputs.status === 200 && Array.isArray(outputs.body) ? outputs.body : [];
  const { left, right, parts } = await kind.cards(page, form, list);
  const cards = el('div', { class: 'settings-columns' }, el('div', null, left), el('div', null, right, row.fresh ? null : actions(page, form, kind)));
  return form_body(page, form, cards, parts);
}

function copy_into(form, kind, from) {
  const fields = {};
  Object.keys(form.row.schemas).filter((field) => !/device_id$/.test(field)).forEach((field) => {
    fields[field] = from[field];
  });
  form.set(Object.assign(fields, { [kind.name]: row_words.copy_of(name_of(from)) }));
}

/// Returns outputs of a kind for a choice: free ones and the current one with their last state. Those used elsewhere are listed
/// but disabled.
export function output_choices(outputs, fits, form, field, none) {
  const mine = form.draft.base[field];
  const fitting = outputs.filter(fits);
  const all = fitting.map((output) => {
    const used = Boolean(output.load) && output.id !== mine;
    const state = [output.reported, typeof output.measured_w === 'number' ? watts(output.measured_w) : null].filter(Boolean).join(', ');
    return { value: output.id, disabled: used, label: used ? row_words.output_used(output.id, output.load) : output.id + ', ' + state };
  });
  [mine, form.value(field)].filter((id, i, both) => id && !fitting.some((output) => output.id === id) && both.indexOf(id) === i)
    .forEach((id) => all.push({ value: id, label: row_words.output_gone(id) }));
  return [{ value: null, label: none }].concat(all);
}

// ---- actions on the whole row: each first shows what it would switch

function actions(page, form, kind) {
  const toggle = button('', () => switch_enabled(page, form), null, { 'data-change': true });
  form.add({ fields: [], update: () => text(toggle, form.draft.base.enabled ? row_words.disable : row_words.enable) });
  return el('section', { class: 'card acts', 'aria-label': kind.words.actions }, el('h2', null, kind.words.actions), el('div', { class: 'choices' },
    el('a', { class: 'button', href: kind.address + '/new?copy=' + form.draft.base.id, 'data-change': true }, row_words.copy), toggle,
    button(row_words.remove, () => remove(page, form, kind), 'danger', { 'data-change': true })));
}

/// The form itself shows that its row was changed or deleted meanwhile.
const refused = (page, form) => (reply) => (reply.status === 412 || reply.status === 404 ? form.refuse(reply) : tell_refusal(page, reply));

/// Sets `enabled` at once, independent of the draft.
function switch_enabled(page, form) {
  const row = form.draft.base, wanted = !row.enabled;
  return try_then_do(page, { title: (wanted ? row_words.enable_title : row_words.disable_title)(name_of(row)), label: wanted ? row_words.enable : row_words.disable, always: true,
    ask: (flags) => page.ask('PUT', flagged(form.row.path, flags), { body: { enabled: wanted }, match: form.draft.etag, timeout: 15000 }),
    refused: refused(page, form),
    done: (reply) => {
      said_saved(page, words.form.saved, reply.body.change, () => form.reload());
      page.hurry();
      form.reload();
    } });
}

function remove(page, form, kind) {
  const name = name_of(form.draft.base);
  return try_then_do(page, { title: row_words.remove_title(name), lead: row_words.remove_text, label: row_words.remove, kind: 'danger', always: true,
    ask: (flags) => page.ask('DELETE', flagged(form.row.path, flags), { match: form.draft.etag, timeout: 15000 }),
    refused: refused(page, form),
    done: (reply) => {
      form.draft.discard();
      page.draft.drop(form.row.key);
      form.asked = true;
      page.go(kind.address);
      said_saved(page, row_words.removed(name), reply.body.change, () => page.refresh());
      page.hurry();
    } });
}
