// Alarms: active ones, worst first, each with its remedy; then past ones.

import { attr, el, fill, keyed, show, text } from './dom.js';
import { clock, day, minute } from './format.js';
import { alarms_of } from './now.js';
import { refusal } from './page.js';
import { button, card, guarded, register, state_mark } from './view.js';
import { words } from './words.js';

const alarm_words = words.alarms;
const kept_days = 400;
const page_of = 50; // past alarms loaded at once

/// Returns where the subject of an alarm (`<code>[/<subject>]`) is shown, or null if nowhere.
export function subject_link(name, objects) {
  const at = name.indexOf('/');
  if (at < 0) return null;
  const subject = name.slice(at + 1);
  if (objects.has('miner/' + subject)) return '#/load/' + subject;
  if (objects.has('zone/' + subject)) return '#/load/' + subject + '/fan';
  if (objects.has('output/' + subject)) return '#/outputs';
  return /^(source|sensor|voltage|charge)/.test(name) || objects.has('source/' + subject) ? '#/sources' : null;
}

function acknowledge(page, name) {
  return button(alarm_words.acknowledge, async () => {
    const answer = await page.ask('POST', '/api/alarms/' + name + '/acknowledge', {});
    const done = answer.status === 200 || answer.status === 204;
    page.notice(done ? alarm_words.acknowledged : refusal(answer) || (answer.status === 0 ? words.common.no_answer : words.common.unknown_error(answer.status)));
    if (done) page.hurry((live) => !live.objects.has('alarm/' + name));
  }, null, { 'data-change': true });
}

function standing_row(page, item) {
  const mark = state_mark('warning', '');
  const since = el('span', { class: 'muted' });
  const sentence = el('p', { class: 'value', dir: 'auto' });
  const remedy = el('p', { class: 'remedy', dir: 'auto' });
  const subject = el('a', { class: 'button' }, alarm_words.subject);
  const root = el('article', { class: 'card alarm' }, el('div', { class: 'load-head' }, el('h3', null, mark.root), since), sentence, remedy,
    el('div', { class: 'choices' }, subject, item.key === 'database_restored' ? acknowledge(page, item.key) : null));
  return {
    root,
    update(next) {
      const { object } = next;
      attr(root, 'data-severity', object.severity);
      mark.update(object.severity === 'critical' ? 'critical' : 'warning', words.severities[object.severity] || object.severity || words.common.no_value);
      text(since, object.since ? alarm_words.since(minute(object.since, page.zone) + ', ' + day(object.since, page.zone)) : '');
      text(sentence, object.text || next.key);
      text(remedy, object.remedy);
      show(remedy, Boolean(object.remedy));
      const link = subject_link(next.key, page.live.objects);
      attr(subject, 'href', link);
      show(subject, link !== null);
    },
  };
}

function standing(page) {
  const list = el('div');
  const none = el('p', { class: 'card', hidden: true }, alarm_words.none);
  const draw = keyed(list, (item) => guarded(() => standing_row(page, item)));
  return {
    root: el('section', { class: 'part' }, el('h2', { class: 'part-title' }, alarm_words.standing), none, list),
    update(live) {
      const all = alarms_of(live.objects);
      show(none, all.length === 0);
      draw(all.map((one) => ({ key: one.name, object: one.object })));
    },
  };
}

function past_row(page, item) {
  const time = el('time', { class: 'muted', datetime: item.event.at });
  return {
    root: el('li', null, el('a', { class: 'event past', href: '#/history?h=1&at=' + encodeURIComponent(item.event.at) }, time,
      el('span', { dir: 'auto' }, item.event.message || ''))),
    update: () => fill(time, clock(item.event.at, page.zone), el('br'), day(item.event.at, page.zone)),
  };
}

function past(page) {
  const whole = card(alarm_words.past);
  const list = el('ul', { class: 'rows' });
  const none = el('p', { class: 'muted' }, alarm_words.loading);
  const events = [];
  let complete = false;
  const draw = keyed(list, (item) => past_row(page, item));
  const older = button(alarm_words.older, () => load(), 'quiet', { hidden: true });
  [list, none, older].forEach((part) => whole.body.appendChild(part));

  const update = () => {
    draw(events.map((event) => ({ key: event.id, event })));
    show(older, events.length > 0 && !complete);
    show(none, events.length === 0);
  };
  async function load() {
    const last = events.length ? events[events.length - 1].at : null;
    const now = Date.parse(page.live.at) || Date.now();
    const from = new Date(now - kept_days * 86400000).toISOString().replace(/\.\d+Z/, 'Z');
    const to = last ? '&to=' + encodeURIComponent(last) : '';
    const answer = await page.ask('GET', '/api/events?kind=alarm&limit=' + page_of + '&from=' + encodeURIComponent(from) + to, { quiet: true });
    if (answer.status !== 200 || !Array.isArray(answer.body)) {
      text(none, events.length ? '' : refusal(answer) || alarm_words.not_loaded);
      return;
    }
    const fresh = answer.body.filter((event) => event && events.every((one) => one.id !== event.id));
    complete = answer.body.length < page_of || fresh.length === 0;
    fresh.forEach((event) => events.push(event));
    text(none, alarm_words.none_past);
    update();
  }
  let begun = false;
  return {
    root: whole.root,
    update() {
      if (!begun) load();
      begun = true;
      update();
    },
  };
}

register('alarms', (page) => {
  const parts = [guarded(() => standing(page)), guarded(() => past(page))];
  return {
    root: el('div', { class: 'view alarms' }, parts.map((part) => part.root)),
    title: alarm_words.title,
    update: (live) => parts.forEach((part) => part.update(live)),
    close() {},
  };
});
