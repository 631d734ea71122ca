// Form of one row of settings: a draft beside the loaded row, checks while typing, the bar with changes, dry run, saving with
// If-Match, and both values if someone else was first.

import { el, fill, show, text } from './dom.js';
import { button } from './view.js';
import { refusal } from './page.js';
import { problems_of } from './checks.js';
import { Draft } from './draft.js';
import { flagged, label_of, said_saved, sentence, try_then_do, value_text } from './effect.js';
import { past_part } from './whatif.js';
import { words } from './words_settings.js';

let schemas = null;

/// Reads the columns of each table from the JSON Schema of /openapi.json, once.
export async function read_schemas(page) {
  if (schemas) return schemas;
  const reply = await page.ask('GET', '/openapi.json', { timeout: 20000 });
  const all = reply.status === 200 && reply.body && reply.body.components && reply.body.components.schemas;
  if (!all || !all.PreferencesChange || !all.MinerChange || !all.ZoneChange) return null;
  schemas = {
    user_preferences: all.PreferencesChange.properties, miner_profiles: all.MinerChange.properties, hvac_zones: all.ZoneChange.properties,
  };
  return schemas;
}

/// Drops the draft of a row that was deleted meanwhile.
export function drop_draft(page, key) {
  const kept = page.draft.load(key);
  page.draft.drop(key);
  if (kept) page.notice(words.form.gone(kept.base.name || kept.base.zone_name), { seconds: 15 });
}

const base_name = (field) => String(field || '').replace(/\[.*$/, '');

export class Form {
  /// `row`: `{table, key, path, title, address, schemas, values, etag}`; `fresh` for a new one. `saved(change)` runs after each
  /// save, `discarded()` after the draft was discarded, `undone()` after a save was undone. `list`: target if the row was
  /// deleted.
  constructor(page, row) {
    this.page = page;
    this.row = row;
    this.draft = new Draft(row.values, row.etag, page.draft.load(row.key));
    this.parts = [];
    this.refused = {};
    this.strict = false;
    this.unsure = false;
    this.working = false;
    this.closed = false;
    this.message = null;
    this.make_bar();
    this.leaving = (event) => this.ask_leave(event);
    this.unloading = (event) => {
      if (this.is_dirty()) {
        event.preventDefault();
        event.returnValue = '';
      }
    };
    document.addEventListener('click', this.leaving, true);
    window.addEventListener('beforeunload', this.unloading);
  }

  value(field) { return this.draft.value(field); }

  values() { return this.draft.values(); }

  schema(field) { return this.row.schemas[field]; }

  is_dirty() { return !this.closed && this.draft.changed().length > 0; }

  /// Sets columns that changed together.
  set(fields) {
    Object.keys(fields).forEach((field) => {
      this.draft.set(field, fields[field]);
      delete this.refused[field];
    });
    if (Object.keys(this.refused).length === 0) this.message = null;
    this.changed();
  }

  /// Adds a part `{fields, update(problems)}`, with the problems of its fields: `[{field, text}]`.
  add(part) {
    this.parts.push(part);
    return part;
  }

  problems() {
    const found = problems_of(this.row.table, this.row.schemas, this.row.fresh ? null : this.draft.base, this.values());
    Object.keys(this.refused).forEach((field) => found.push({ field, text: this.refused[field] }));
    return found;
  }

  /// Checks, stores the draft, and updates everything.
  changed() {
    const kept = this.draft.kept();
    if (kept) this.page.draft.save(this.row.key, kept);
    else this.page.draft.drop(this.row.key);
    const all = this.problems();
    // A new row starts empty. Report missing values only after a save was tried.
    const found = this.row.fresh && !this.strict ? all.filter((it) => base_name(it.field) in this.draft.edits) : all;
    this.parts.forEach((part) => part.update(found.filter((it) => part.fields.indexOf(base_name(it.field)) >= 0)));
    this.show_bar(found);
  }

  make_bar() {
    this.count = el('p', { class: 'draft-count' });
    this.said = el('p', { class: 'draft-said', role: 'status', dir: 'auto' });
    this.choices = el('div', { class: 'draft-choices' });
    this.buttons = el('div', { class: 'draft-buttons' },
      button(words.form.check, () => this.save(true), null, { 'data-change': true }),
      button(this.row.fresh ? words.form.add : words.form.save, () => this.save(false), 'primary', { 'data-change': true }),
      button(words.form.discard, () => this.ask_discard(), 'quiet'));
    this.bar = el('section', { class: 'draft-bar', 'aria-label': words.form.draft }, this.said, this.choices,
      el('div', { class: 'draft-line' }, this.count, this.buttons));
  }

  show_bar(found) {
    const count = this.draft.changed().length;
    const dirty = count > 0 || this.row.fresh;
    text(this.count, this.row.fresh ? words.form.fresh : words.form.count(count));
    show(this.count, dirty);
    show(this.buttons, dirty);
    const said = sentence(this.message) || (found.length > 0 ? words.form.mend(found.length) : '');
    text(this.said, said);
    show(this.said, said !== '');
    this.bar.classList.toggle('bad', found.length > 0);
    fill(this.choices, this.draft.conflicts.map((it) => this.conflict(it)));
    show(this.bar, dirty || said !== '');
    this.lift();
  }

  /// Keeps the notice above the bar.
  lift() {
    window.requestAnimationFrame(() => {
      document.body.style.setProperty('--above', (this.closed ? 0 : this.bar.offsetHeight) + 'px');
    });
  }

  conflict(it) {
    const choose = (mine) => () => {
      this.draft.choose(it.field, mine);
      this.message = this.draft.conflicts.length ? this.message : null;
      this.changed();
    };
    return el('div', { class: 'conflict', role: 'group', 'aria-label': label_of(it.field) }, el('p', null, label_of(it.field)),
      button(words.form.mine(value_text(it.field, it.mine)), choose(true)), button(words.form.theirs(value_text(it.field, it.theirs)), choose(false)));
  }

  say(sentence) {
    this.message = sentence;
    this.changed();
  }

  // ---- requests to voltd

  send(flags) {
    const row = this.row;
    const fresh = Boolean(row.fresh);
    const body = fresh ? Object.assign({}, this.draft.edits) : this.draft.edits;
    this.trying = Boolean(flags.dry_run);
    this.work(true);
    const asked = this.page.ask(fresh ? 'POST' : 'PUT', flagged(row.path, flags), { body, match: fresh ? null : this.draft.etag, timeout: 15000 });
    return asked.then((reply) => {
      this.work(false);
      return reply;
    });
  }

  work(working) {
    this.working = working;
    this.bar.classList.toggle('working', working);
  }

  async save(only_try) {
    if (this.working) return;
    this.strict = true;
    const found = this.problems().filter((it) => !this.refused[base_name(it.field)]);
    this.changed();
    if (found.length > 0 || this.draft.conflicts.length > 0) {
      this.focus_on(found.length ? base_name(found[0].field) : null);
      return;
    }
    await try_then_do(this.page, {
      title: words.effect.title, label: this.row.fresh ? words.form.add : words.effect.save, only_try,
      ask: (flags) => this.send(flags), refused: (reply) => this.refuse(reply), done: (reply) => this.stored(reply),
      more: this.row.fresh ? null : () => past_part(this.page, () => ({ [this.row.key]: this.draft.edits }), { 24: words.past.day }),
    });
  }

  focus_on(field) {
    const node = field ? document.getElementById('f-' + field) : this.choices.querySelector('button');
    if (node) node.focus();
  }

  stored(reply) {
    const own = reply.body.changes.find((change) => change.table === this.row.table);
    const after = {};
    Object.keys(own ? own.fields : {}).forEach((field) => {
      after[field] = own.fields[field].after;
    });
    this.draft.discard();
    this.refused = {};
    const warnings = reply.body.warnings || [];
    this.message = warnings.length ? words.form.warnings + ': ' + warnings.join(' ') : null;
    this.draft.rebase(Object.assign({}, this.draft.base, after), reply.etag);
    this.changed();
    const reload = () => {
      this.message = null;
      this.reload();
    };
    said_saved(this.page, reply.body.written ? words.form.saved : words.form.nothing, reply.body.change, this.row.undone || reload);
    this.page.hurry();
    if (this.row.saved) this.row.saved(own);
  }

  /// Handles a row that no longer exists.
  gone() {
    if (!this.is_dirty()) this.page.notice(words.row.removed(this.row.title));
    this.draft.discard();
    drop_draft(this.page, this.row.key);
    if (!this.closed) this.page.go(this.row.list);
  }

  refuse(reply) {
    if (reply.status === 404 && this.row.list) this.gone();
    else if (reply.status === 0) {
      this.unsure = !this.trying && !this.row.fresh;
      this.say(this.trying ? words.form.no_answer_try : words.form.no_answer);
    } else if (reply.status === 412 && reply.body && reply.body.row) {
      const open = this.draft.rebase(reply.body.row, reply.etag);
      this.say(refusal(reply) + '. ' + (open.length ? words.form.moved : words.form.moved_aside));
    } else {
      const problems = (reply.body && reply.body.problems) || [reply.body || {}];
      problems.filter((it) => it.field && it.error).forEach((it) => {
        this.refused[base_name(it.field)] = it.error;
      });
      this.say(refusal(reply) || words.form.no_answer);
      if (problems[0] && problems[0].field) this.focus_on(base_name(problems[0].field));
    }
  }

  /// Reloads the row and keeps the draft.
  async reload() {
    if (this.closed || this.row.fresh) return;
    const before = this.draft.changed().length;
    const reply = await this.page.ask('GET', this.row.path, { quiet: true });
    if (reply.status === 404 && this.row.list && !this.closed) this.gone();
    if (this.closed || reply.status !== 200 || !reply.body || typeof reply.body !== 'object') return;
    this.draft.rebase(reply.body, reply.etag);
    if (this.unsure) this.message = this.draft.changed().length < before ? words.form.was_saved : words.form.was_not_saved;
    this.unsure = false;
    this.changed();
  }

  /// Updates after each poll: a row without a draft follows changes by others, and checks on a save without an answer.
  update(live) {
    const moved = this.seen !== undefined && live.change !== this.seen;
    this.seen = live.change;
    if (this.unit !== this.page.unit) {
      this.unit = this.page.unit;
      this.changed();
    }
    if (this.working || !this.page.canChange()) return;
    if (this.unsure || (moved && this.draft.changed().length === 0)) this.reload();
  }

  // ---- leaving

  ask_discard() {
    const count = this.draft.changed().length;
    const discard = () => {
      this.draft.discard();
      this.refused = {};
      this.message = null;
      this.strict = false;
      this.changed();
      if (this.row.discarded) this.row.discarded();
    };
    if (count === 0) discard();
    else this.page.sheet({ title: words.form.discard_ask, content: el('p', null, words.form.discard_text(count)),
      buttons: [{ label: words.form.discard, kind: 'danger', act: discard }, { label: words.form.keep }] });
  }

  ask_leave(event) {
    const link = event.target.closest ? event.target.closest('a[href^="#"]') : null;
    if (!link || !this.is_dirty() || link.getAttribute('href') === window.location.hash) return;
    event.preventDefault();
    event.stopPropagation();
    const go = () => {
      this.asked = true;
      this.page.go(link.getAttribute('href'));
    };
    this.page.sheet({ title: words.form.leave_ask, content: el('p', null, words.form.leave_text(this.draft.changed().length)), buttons: [
      { label: words.form.stay, kind: 'primary' },
      { label: words.form.leave_keep, act: go },
      { label: words.form.leave_discard, kind: 'danger', act: () => {
        this.draft.discard();
        this.page.draft.drop(this.row.key);
        go();
      } }] });
  }

  close() {
    const dirty = this.is_dirty();
    this.closed = true;
    this.lift();
    document.removeEventListener('click', this.leaving, true);
    window.removeEventListener('beforeunload', this.unloading);
    // Left by the browser's own Back: nothing is lost, so only say it.
    if (dirty && !this.asked && this.row.address)
      this.page.notice(words.form.kept(this.row.title), { label: words.form.go_back, act: () => this.page.go(this.row.address), seconds: 15 });
  }
}

