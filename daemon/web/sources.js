// View Sources: origin and age of each reading, and the remedy for a failed one.

import { el, fill, keyed, show, text } from './dom.js';
import { duration, number } from './format.js';
import { refusal } from './page.js';
import { button, register, state_mark } from './view.js';
import { words } from './words_tools.js';

const source_words = words.sources;
const state_kinds = { ok: 'good', stale: 'warning', absent: 'unknown', failing: 'warning' };

const polled = /^(victron|sol_ark)/;
const family = (name) => (name.indexOf('sol_ark') === 0 ? 'sol_ark' : name.split('.')[0]);

/// Returns the remedy of the source's own alarm, or the default one of its state, or null if nothing needs to be done.
export function remedy(name, source, objects) {
  if (source.state === 'ok') return null;
  const alarms = Array.from(objects.keys()).filter((topic) => topic.indexOf('alarm/') === 0 && topic.split('/').slice(2).join('/') === name);
  const own = alarms.map((topic) => objects.get(topic).remedy).filter(Boolean)[0];
  if (own) return own;
  const by_family = { mqtt: source_words.remedies.mqtt, sensor: source_words.remedies.sensor, weather: source_words.remedies.weather }[family(name)];
  return by_family || source_words.remedies[source.state] || source_words.remedies.failing;
}

function register_row(row) {
  return el('tr', null,
    el('th', { scope: 'row' }, String(row.address)),
    el('td', { 'data-label': source_words.register_name }, row.name),
    el('td', { class: 'number', 'data-label': source_words.register_words }, row.words.join(' ')),
    el('td', { 'data-label': source_words.register_value }, row.value, row.doubt ? el('p', { class: 'muted' }, row.doubt) : null));
}

/// Shows what the last poll read. Does not query the device.
async function show_registers(page, name) {
  const place = el('div', { role: 'status' }, el('p', { class: 'skeleton' }));
  page.sheet({ title: source_words.registers_of(name), content: place });
  const answer = await page.ask('GET', `/api/sources/${encodeURIComponent(name)}/registers`);
  if (answer.status !== 200) {
    fill(place, el('p', { class: 'error', dir: 'auto' }, refusal(answer) || words.system.no_answer));
    return;
  }
  const rows = answer.body.registers.map(register_row);
  const head = [source_words.address, source_words.register_name, source_words.register_words, source_words.register_value];
  fill(place, el('p', { class: 'muted' }, rows.length ? source_words.registers_at(answer.body.unit, duration(answer.body.age_s)) : source_words.no_registers),
    rows.length ? el('table', { class: 'facts stacked' }, el('thead', null, el('tr', null, head.map((name) => el('th', { scope: 'col' }, name)))), el('tbody', null, rows)) : null);
}

function source_row(page, item) {
  const mark = state_mark('unknown', '');
  const cells = {};
  const cell = (name) => {
    cells[name] = el('td', { class: 'number', 'data-label': source_words[name] });
    return cells[name];
  };
  const error = el('p', { dir: 'auto' });
  const what = el('p', { class: 'muted', dir: 'auto' });
  const trouble = el('td', { class: 'source-error', 'data-label': source_words.last_error }, error, what);
  const root = el('tr', null,
    el('th', { scope: 'row' }, el('span', { dir: 'auto' }, item.name), el('span', { class: 'muted source-kind' }, source_words.kinds[family(item.name)] || ''),
      polled.test(item.name) ? button(source_words.registers, () => show_registers(page, item.name), 'quiet') : null),
    el('td', { class: 'source-state' }, mark.root), cell('age'), cell('rtt'), cell('failures'), trouble);
  return {
    root,
    update(next) {
      const source = next.source;
      mark.update(state_kinds[source.state] || 'unknown', source_words.states[source.state] || String(source.state));
      text(cells.age, duration(page.aged(next.key, source.age_s)));
      text(cells.rtt, typeof source.rtt_ms === 'number' ? source_words.ms(number(source.rtt_ms)) : '–');
      text(cells.failures, number(source.failures));
      text(error, source.last_error || source_words.no_error);
      error.className = source.last_error ? '' : 'muted';
      const advice = remedy(next.name, source, page.live.objects);
      text(what, advice);
      show(what, advice !== null);
      trouble.classList.toggle('quiet', !source.last_error && advice === null);
    },
  };
}

function open_sources(page) {
  const body = el('tbody');
  const none = el('p', { class: 'muted', hidden: true }, source_words.none);
  const columns = [source_words.title.replace(/s$/, ''), words.decision.state, source_words.age, source_words.rtt, source_words.failures, source_words.last_error];
  const table = el('table', { class: 'facts stacked sources' }, el('thead', null, el('tr', null, columns.map((name, i) => el('th', { scope: 'col', class: i > 1 && i < 5 ? 'number' : null }, name)))), body);
  const rows = keyed(body, (item) => source_row(page, item));
  const update = (live) => {
    const topics = Array.from(live.objects.keys()).filter((topic) => topic.indexOf('source/') === 0);
    show(none, topics.length === 0);
    show(table, topics.length > 0);
    rows(topics.map((topic) => ({ key: topic, name: topic.slice(7), source: live.objects.get(topic) })));
  };
  return {
    root: el('div', { class: 'view' }, el('section', { class: 'card' }, el('p', { class: 'muted' }, source_words.intro), none, table)),
    title: source_words.title,
    update,
    tick: () => update(page.live),
    close() {},
  };
}

register('sources', open_sources);
