// View Outputs: each relay and fan with its user, order, report, measurement and timer.

import { el, keyed, show, text } from './dom.js';
import { measured } from './cards.js';
import { clock, day, duration } from './format.js';
import { refusal } from './page.js';
import { button, register, state_mark } from './view.js';
import { words } from './words_tools.js';

const output_words = words.outputs;
const fact = (name) => {
  const value = el('dd', { dir: 'auto' });
  return { root: el('div', { class: 'fact' }, el('dt', null, name), value), value };
};

/// Returns 'on', 'off', 'unknown', and the level of a fan beside it.
export function position(word, level) {
  if (word === null || word === undefined) return '–';
  const shown = output_words.states[word] || word;
  return typeof level === 'number' && word === 'on' ? shown + ', ' + output_words.level(level) : shown;
}

/// Returns the device's behavior without voltd, in a sentence.
export function lease_meaning(output) {
  if (output.lease === 'armed') return output_words.means.armed[output.dialect] || output_words.means.armed.generic;
  return output_words.means[output.lease] || output_words.means.none;
}

/// Returns whether order, report and measurement agree: kind and word of the mark.
export function agreement(output) {
  if (output.available === false) return ['warning', output_words.not_available];
  if (output.reported === undefined || output.reported === null || output.reported === 'unknown') return ['unknown', output_words.not_heard];
  return output.reported === output.commanded ? [output.reported === 'on' ? 'on' : 'off', output_words.agree] : ['warning', output_words.differ];
}

function lease_text(page, topic, output) {
  const word = output_words.leases[output.lease] || String(output.lease || '–');
  const left = page.left(topic, output.lease_left_s);
  return left === null ? word : word + ', ' + output_words.lease_left(duration(left));
}

function last_command(page, output) {
  if (!output.since) return '–';
  const time = day(output.since, page.zone) + ' ' + clock(output.since, page.zone);
  return typeof output.confirmed_ms === 'number' ? output_words.confirmed(time, output.confirmed_ms) : time;
}

async function test(page, id, result, node) {
  node.disabled = true;
  text(result, output_words.testing);
  const answer = await page.ask('POST', '/api/outputs/' + encodeURIComponent(id) + '/test', { body: {}, timeout: 8000 });
  node.disabled = false;
  const ok = answer.status === 200 && answer.body && answer.body.ok;
  text(result, ok ? output_words.test_ok(answer.body.confirmed_ms) : output_words.test_failed(refusal(answer) || 'HTTP ' + answer.status));
}

function output_card(page, item) {
  const facts = ['commanded', 'reported', 'measured', 'lease', 'last', 'serves', 'topic', 'proven'].map((name) => fact(output_words[name]));
  const [commanded, reported, power, lease, last, serves, topic, proven] = facts;
  const mark = state_mark('unknown', '');
  const meaning = el('p', { class: 'muted' });
  const kind = el('p', { class: 'muted', dir: 'auto' });
  const result = el('p', { role: 'status' });
  const tester = button(output_words.test, () => test(page, item.output.id, result, tester), null, { 'data-change': true });
  const link = el('a', { dir: 'auto' });
  serves.value.appendChild(link);
  serves.root.classList.add('linked');
  const truths = [commanded, reported, power];
  const root = el('section', { class: 'card output' },
    el('div', { class: 'output-head' }, el('h2', { dir: 'auto' }, item.output.id), mark.root), kind,
    el('dl', { class: 'truths' }, truths.map((one) => one.root)),
    el('dl', { class: 'facts-list' }, [serves, topic, lease, proven].map((one) => one.root)), meaning,
    el('dl', { class: 'facts-list' }, last.root),
    el('div', { class: 'row-buttons operate-only' }, tester, result));
  return {
    root,
    update(next) {
      const output = next.output;
      mark.update(...agreement(output));
      text(kind, [output_words.kinds[output.kind] || output.kind, output.dialect].filter(Boolean).join(' · '));
      text(commanded.value, position(output.commanded, output.level));
      text(reported.value, position(output.reported, output.level));
      text(power.value, measured(output.measured_w, output.meter !== false));
      text(lease.value, lease_text(page, next.key, output));
      text(meaning, lease_meaning(output));
      show(proven.root, Boolean(output.proven));
      if (output.proven) text(proven.value, output_words.proven_on(day(output.proven.at, page.zone), output.proven.measured_s));
      text(last.value, last_command(page, output));
      show(topic.root, Boolean(output.topic));
      text(topic.value, output.topic);
      text(link, output.load ? page.known.name(output.load) : output_words.no_load);
      if (output.load) link.setAttribute('href', '#/load/' + output.load);
      else link.removeAttribute('href');
    },
  };
}

function open_outputs(page) {
  const list = el('div', { class: 'grid' });
  const none = el('p', { class: 'muted', hidden: true }, output_words.none);
  const fill_list = keyed(list, (item) => output_card(page, item));
  let wiring = null; // by id: kind, dialect, load, topic
  let asked = '';

  async function fetch_wiring(ids) {
    asked = ids;
    const answer = await page.ask('GET', '/api/outputs');
    if (answer.status === 200 && Array.isArray(answer.body)) wiring = new Map(answer.body.map((one) => [one.id, one]));
    page.refresh();
  }
  return {
    root: el('div', { class: 'view' }, el('p', { class: 'muted' }, output_words.intro), el('p', { class: 'muted operate-only' }, output_words.test_note), none, list),
    title: output_words.title,
    update(live) {
      const topics = Array.from(live.objects.keys()).filter((topic) => topic.indexOf('output/') === 0);
      const ids = topics.join(' ');
      if (ids !== asked) fetch_wiring(ids);
      show(none, topics.length === 0);
      fill_list(topics.map((topic) => {
        const id = topic.slice(7);
        return { key: topic, output: Object.assign({ id }, wiring ? wiring.get(id) : null, live.objects.get(topic)) };
      }));
    },
    close() {},
  };
}

register('outputs', open_outputs);
