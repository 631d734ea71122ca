// Page part for what-if: voltd replays drafts over the site's own last hours.

import { el, fill } from './dom.js';
import { clock, day, number, volts } from './format.js';
import { refusal } from './page.js';
import { button, card, register } from './view.js';
import { fields_table, sentence, table_of } from './effect.js';
import { words } from './words_settings.js';

const past_words = words.past;
const groups = { preferences: 'preferences', miner_profiles: 'miners', hvac_zones: 'zones' };

/// Converts drafts for `/api/whatif`: `{'miner_profiles/ID': {start_voltage: 54}}` becomes `{miners: {ID: {start_voltage: 54}}}`.
export function changes_of(drafts) {
  const changes = {};
  Object.keys(drafts).forEach((key) => {
    const [table, row] = key.split('/'), name = groups[table];
    changes[name] = row ? Object.assign(changes[name] || {}, { [row]: drafts[key] }) : drafts[key];
  });
  return changes;
}

const tally_text = (one) => (one ? past_words.tally(one.runs, number(one.hours, 1), number(one.kwh, 1)) : '');

function critical_text(stages) {
  return stages ? past_words.minutes((stages.critical || 0) + (stages.shutdown || 0)) : '';
}

/// Shows what the rules would have done: recorded, as is, changed.
function past_answer(page, body) {
  const { lowest_v: lowest, stage_min: stages } = body.battery || {};
  const at = (iso) => day(iso, page.zone) + ' ' + clock(iso, page.zone);
  const rows = body.loads.map((load) => [load.name, tally_text(load.recorded), tally_text(load.as_is), load.text || tally_text(load.changed)]);
  if (lowest) rows.push([past_words.lowest, volts(lowest.recorded), volts(lowest.as_is), volts(lowest.changed)],
    [past_words.critical, '', critical_text(stages.as_is), critical_text(stages.changed)]);
  const said = body.limits.concat(body.covered_pct < 100 ? past_words.covered(number(body.covered_pct, 1), at(body.covered_to)) : [], body.notes);
  return [el('p', { dir: 'auto' }, body.text + '.'), el('ul', { class: 'lines muted' }, said.map((line) => el('li', { dir: 'auto' }, line))),
    lowest ? table_of(past_words.head, rows) : null,
    el('ul', { class: 'lines' }, body.differences.map((it) => el('li', { dir: 'auto' }, past_words.order(at(it.at), past_words[it.replay], it.text))))];
}

/// Returns a button for each range. `drafts()` in the format of changes_of().
export function past_part(page, drafts, ranges) {
  const answer = el('div', { role: 'status' });
  const ask = async (hours) => {
    fill(answer, el('p', null, past_words.wait));
    const reply = await page.ask('POST', '/api/whatif', { body: { changes: changes_of(drafts()), hours }, timeout: 20000 });
    fill(answer, reply.status === 200 ? past_answer(page, reply.body) : el('p', { dir: 'auto' }, sentence(refusal(reply) || words.load_failed)));
  };
  const choices = Object.keys(ranges).map((hours) => button(ranges[hours], () => ask(Number(hours)), null, { 'data-change': true }));
  return el('section', { class: 'effect' }, el('div', { class: 'choices' }, choices), answer);
}

/// Returns every stored draft of a row: `{key: kept}`.
function kept_drafts(page) {
  const all = {};
  page.draft.keys().filter((key) => !/\/new/.test(key)).forEach((key) => {
    all[key] = page.draft.load(key);
  });
  return all;
}

register('whatif', (page) => {
  const kept = kept_drafts(page), edits = {};
  const made = card(null);
  fill(made.body, el('p', null, past_words.lead), Object.keys(kept).map((key) => {
    const { base, edits: after } = kept[key], fields = {};
    edits[key] = after;
    Object.keys(after).forEach((name) => {
      fields[name] = { before: base[name], after: after[name] };
    });
    return el('div', null, el('h3', { dir: 'auto' }, base.name || base.zone_name || words.log.site_row), fields_table(fields));
  }), el('p', null, el('a', { class: 'button', href: '#/settings' }, past_words.choose)), past_part(page, () => edits, past_words.ranges));
  return { root: el('div', { class: 'view settings' }, made.root), title: words.whatif, update() {}, close() {} };
});
