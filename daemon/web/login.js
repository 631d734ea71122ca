// Sign-in with a code of `voltctl login`, typed or from the address. As a view, and in the sheet above a rejected view.

import { attr, el, show, text } from './dom.js';
import { duration } from './format.js';
import { refusal } from './page.js';
import { register } from './view.js';
import { words } from './words.js';

const login_words = words.login;
const code_length = 8;

/// Normalizes a typed code for voltd: capitals, without blanks and dashes.
export const clean_code = (typed) => String(typed).toUpperCase().replace(/[\s-]/g, '');

/// Returns a name for this browser, for the list of sessions.
export function device_name(agent) {
  const found = /iPhone|iPad|Android|Windows|Macintosh|Linux/.exec(agent || '');
  const browser = /Firefox|Edg|OPR|Chrome|Safari/.exec(agent || '');
  const names = { Macintosh: 'Mac', Edg: 'Edge', OPR: 'Opera' };
  return [found, browser].filter(Boolean).map((one) => names[one[0]] || one[0]).join(' ') || login_words.name_default;
}

/// Returns the sentence for a failed sign-in.
export function wrong_text(answer) {
  if (answer.status === 0) return login_words.no_answer;
  if (answer.status === 401) return login_words.wrong;
  if (answer.status === 429) return login_words.slow_down(duration(answer.retry || 60));
  return refusal(answer) || words.common.unknown_error(answer.status);
}

function form_of(page, done) {
  const code = el('input', { name: 'code', autocomplete: 'one-time-code', autocapitalize: 'characters', autocorrect: 'off', spellcheck: 'false', maxlength: '16', class: 'code-input',
    'aria-describedby': 'login-how' });
  const name = el('input', { name: 'name', autocomplete: 'off', maxlength: '64', value: device_name(window.navigator.userAgent) });
  const wrong = el('p', { role: 'alert', hidden: true });
  const act = el('button', { type: 'submit', class: 'button primary wide-button' }, login_words.button);
  const say = (sentence, asks) => {
    attr(wrong, 'class', asks ? null : 'error');
    show(text(wrong, sentence), Boolean(sentence));
  };
  const send = async () => {
    const typed = clean_code(code.value);
    if (typed.length !== code_length) return say(login_words.short);
    say('');
    act.disabled = true;
    text(act, login_words.asking);
    const body = { code: typed };
    if (name.value.trim()) body.name = name.value.trim();
    const answer = await page.ask('POST', '/session', { body, quiet: true });
    act.disabled = false;
    text(act, login_words.button);
    if (answer.status !== 200) return say(wrong_text(answer));
    await page.signed_in();
    page.notice(login_words.done(words.roles[answer.body.role] || answer.body.role));
    return done();
  };
  const root = el('form', { class: 'login', on: { submit: (event) => {
    event.preventDefault();
    send();
  } } }, el('label', { class: 'field' }, el('span', null, login_words.code), code), el('label', { class: 'field' }, el('span', null, login_words.name), name), wrong, act,
  el('p', { class: 'muted', id: 'login-how' }, login_words.how));
  return { root, code, send, say };
}

/// Signs in with the code of the address, unless that would end a session of this browser; then a person must confirm.
async function begin(page, form) {
  const code = page.code;
  page.code = null;
  if (code) form.code.value = code;
  const { status, body } = await page.ask('GET', '/session', { quiet: true });
  if (status !== 200 || !body) return;
  if (body.role) form.say(login_words.replaces(words.more.signed_in(body.name || '–', words.roles[body.role] || body.role)), true);
  else if (code) form.send();
}

register('login', (page, parameters) => {
  const form = form_of(page, parameters.done || (() => page.go('#/')));
  if (!parameters.done) begin(page, form);
  const root = parameters.done ? form.root : el('div', { class: 'view' }, el('section', { class: 'card login-card' }, form.root));
  return { root, title: login_words.title, update() {}, close() {} };
});
