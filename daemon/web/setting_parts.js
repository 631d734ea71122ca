// Shared parts of all settings views: waiting for a row, the card of a form, collapsible explanations.

import { attr, el, fill, icon, text } from './dom.js';
import { card, failed } from './view.js';
import { words } from './words_settings.js';

/// Returns a view that shows a skeleton until `load()` returns `{root, title, update(live), close()}`. Shows an error as a
/// sentence.
export function waiting_view(page, { title, back }, load) {
  const place = el('div', null, el('div', { class: 'skeleton tall' }), el('div', { class: 'skeleton' }));
  const root = el('div', { class: 'view settings' },
    back ? el('a', { class: 'back', href: back.address }, icon('chevron'), el('span', null, words.back_to(back.title))) : null, place);
  let part = null, closed = false;
  load().then((made) => {
    if (closed) {
      made.close();
      return;
    }
    part = made;
    if (made.title) text(document.getElementById('title'), made.title);
    fill(place, part.root);
    part.update(page.live);
  }).catch((error) => fill(place, failed(error)));
  return { root, title, update(live) {
    if (part) part.update(live);
  }, close() {
    closed = true;
    if (part) part.close();
  } };
}

/// Returns voltd's answer to a GET, or throws an error with a sentence. `gone()` runs if there is no such row.
export async function read_row(page, path, gone) {
  const reply = await page.ask('GET', path, { timeout: 15000 });
  if (reply.status === 404) {
    if (gone) gone();
    throw new Error(words.not_found);
  }
  if (reply.status !== 200 || !reply.body || typeof reply.body !== 'object') throw new Error(words.load_failed);
  return reply;
}

/// Returns a whole form: its cards in a fieldset, the bar below. `parts` are `{root, update, close}` besides the form itself.
export function form_body(page, form, cards, parts) {
  const fields = el('fieldset', { class: 'plain' }, cards);
  const hints = page.remember.get('hints') || (window.matchMedia('(min-width:900px)').matches ? 'on' : 'off');
  const root = el('div', { class: 'form' }, explain_switch(page, hints === 'on', (on) => attr(root, 'data-hints', on ? 'on' : 'off')),
    el('p', { class: 'look-only muted' }, words.look_only), fields, form.bar);
  attr(root, 'data-hints', hints);
  form.changed();
  return { root, title: form.row.title, update(live) {
    const looking = document.body.classList.contains('looking');
    if (fields.disabled !== looking) fields.disabled = looking;
    form.locked = looking;
    form.update(live);
    parts.forEach((part) => part.update && part.update(live));
  }, close() {
    form.close();
    parts.forEach((part) => part.close && part.close());
  } };
}

function explain_switch(page, on, apply) {
  const input = el('input', { type: 'checkbox', checked: on, on: { change: () => {
    page.remember.set('hints', input.checked ? 'on' : 'off');
    apply(input.checked);
    window.dispatchEvent(new Event('resize'));
  } } });
  return el('label', { class: 'explain' }, input, el('span', null, words.explain));
}

/// Returns a card whose children are fields.
export function group(title, ...children) {
  const made = card(title);
  fill(made.body, ...children);
  return made.root;
}

/// Places fields side by side if there is room.
export const pair = (...children) => el('div', { class: 'field-row' }, children);
