// The view Sources: where each reading comes from, how old it is, and what to do about one that fails.

import { el, keyed, show, text } from './dom.js';
import { duration, number } from './format.js';
import { register, state_mark } from './view.js';
import { words } from './words_tools.js';

const said = words.sources;
const kinds = { ok: 'good', stale: 'warning', absent: 'unknown', failing: 'warning' };

const family = (name) => (name.indexOf('sol_ark') === 0 ? 'sol_ark' : name.split('.')[0]);

/// The remedy of the source's own alarm, or the usual one of its state; null where nothing is to be done.
export function remedy(name, source, objects) {
  if (source.state === 'ok') return null;
  const alarms = Array.from(objects.keys()).filter((topic) => topic.indexOf('alarm/') === 0 && topic.split('/').slice(2).join('/') === name);
  const own = alarms.map((topic) => objects.get(topic).remedy).filter(Boolean)[0];
  if (own) return own;
  const by_family = { mqtt: said.remedies.mqtt, sensor: said.remedies.sensor, weather: said.remedies.weather }[family(name)];
  return by_family || said.remedies[source.state] || said.remedies.failing;
}

function source_row(page, item) {
  const mark = state_mark('unknown', '');
  const cells = {};
  const cell = (name) => {
    cells[name] = el('td', { class: 'number', 'data-label': said[name] });
    return cells[name];
  };
  const error = el('p', { dir: 'auto' });
  const what = el('p', { class: 'muted', dir: 'auto' });
  const trouble = el('td', { class: 'source-error', 'data-label': said.last_error }, error, what);
  const root = el('tr', null,
    el('th', { scope: 'row' }, el('span', { dir: 'auto' }, item.name), el('span', { class: 'muted source-kind' }, said.kinds[family(item.name)] || '')),
    el('td', { class: 'source-state' }, mark.root), cell('age'), cell('rtt'), cell('failures'), trouble);
  return {
    root,
    update(next) {
      const source = next.source;
      mark.update(kinds[source.state] || 'unknown', said.states[source.state] || String(source.state));
      text(cells.age, duration(page.aged(next.key, source.age_s)));
      text(cells.rtt, typeof source.rtt_ms === 'number' ? said.ms(number(source.rtt_ms)) : '–');
      text(cells.failures, number(source.failures));
      text(error, source.last_error || said.no_error);
      error.className = source.last_error ? '' : 'muted';
      const advice = remedy(next.name, source, page.live.objects);
      text(what, advice);
      show(what, advice !== null);
      trouble.classList.toggle('quiet', !source.last_error && advice === null);
    },
  };
}

function open(page) {
  const body = el('tbody');
  const none = el('p', { class: 'muted', hidden: true }, said.none);
  const columns = [said.title.replace(/s$/, ''), words.decision.state, said.age, said.rtt, said.failures, said.last_error];
  const table = el('table', { class: 'facts stacked sources' }, el('thead', null, el('tr', null, columns.map((name, i) => el('th', { scope: 'col', class: i > 1 && i < 5 ? 'number' : null }, name)))), body);
  const rows = keyed(body, (item) => source_row(page, item));
  const update = (live) => {
    const topics = Array.from(live.objects.keys()).filter((topic) => topic.indexOf('source/') === 0);
    show(none, topics.length === 0);
    show(table, topics.length > 0);
    rows(topics.map((topic) => ({ key: topic, name: topic.slice(7), source: live.objects.get(topic) })));
  };
  return {
    root: el('div', { class: 'view' }, el('section', { class: 'card' }, el('p', { class: 'muted' }, said.intro), none, table)),
    title: said.title,
    update,
    tick: () => update(page.live),
    close() {},
  };
}

register('sources', open);
