// Parts that several views use: cards, the bottom sheet, the notice bar, the guard around a failing part.

import { el, fill, show, text, icon } from './dom.js';
import { words } from './words.js';

const registered = new Map();

/// Registers `open(page, parameters)` of a view module under its own name.
export function register(name, open) {
  registered.set(name, open);
}

/// Returns what a module has registered, or undefined.
export const view_named = (name) => registered.get(name);

/// Returns a section with a heading: `{root, body}`.
export function card(title, attributes) {
  const given = Object.assign({}, attributes);
  given.class = 'card' + (given.class ? ' ' + given.class : '');
  const body = el('div', { class: 'card-body' });
  return { root: el('section', given, title ? el('h2', null, title) : null, body), body };
}

/// Returns a button with words. `kind`: primary, danger, quiet or none.
export function button(label, act, kind, attributes) {
  const given = Object.assign({ type: 'button', class: 'button' + (kind ? ' ' + kind : ''), on: { click: act } }, attributes);
  return el('button', given, label);
}

/// Returns a choice: dark, light, or the device's theme.
export function theme_choice(page) {
  const root = el('div', { class: 'choices', role: 'group', 'aria-label': words.more.theme });
  const draw = () => fill(root, ['auto', 'dark', 'light'].map((name) => button(words.more['theme_' + name], () => {
    page.theme(name);
    draw();
    root.querySelector('[aria-pressed="true"]').focus();
  }, null, { 'aria-pressed': String(page.theme() === name) })));
  draw();
  return root;
}

/// Returns a replacement for a part that could not be shown.
export function failed(error) {
  return el('section', { class: 'card failed', role: 'note' }, el('h2', null, words.common.part_failed),
    el('p', { class: 'muted', dir: 'auto' }, String((error && error.message) || error).slice(0, 200)));
}

/// Isolates the failure of a part: `make()` returns `{root, update}`; the rest of the view keeps working.
export function guarded(make) {
  let part;
  let root;
  const give_up = (error) => {
    part = null;
    const shown = failed(error);
    if (root && root.parentNode) root.parentNode.replaceChild(shown, root);
    root = shown;
  };
  try {
    part = make();
    root = part.root;
  } catch (error) {
    give_up(error);
  }
  return {
    get root() {
      return root;
    },
    update(value) {
      if (!part || !part.update) return;
      try {
        part.update(value);
      } catch (error) {
        give_up(error);
      }
    },
    tick() {
      if (part && part.tick) part.tick();
    },
  };
}

const focusable = 'a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),[tabindex="0"]';

function keep_inside(panel, event) {
  const all = Array.from(panel.querySelectorAll(focusable)).filter((node) => node.offsetParent !== null);
  if (all.length === 0) return;
  const last = all[all.length - 1];
  const at = document.activeElement;
  if (event.shiftKey && (at === all[0] || at === panel)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && at === last) {
    event.preventDefault();
    all[0].focus();
  }
}

/// Opens a dialog from the bottom: `{title, content, buttons: [{label, kind, act, changes}], closed, fixed}`. Returns `{root,
/// close()}`. A button with `changes` is disabled while the link is down. An `act` that returns false leaves it open. `fixed`
/// sheets close only by their buttons.
export function sheet(layer, options) {
  const before = document.activeElement;
  const title_id = 'sheet-' + Math.round(performance.now() * 1000);
  const handle = { root: null, close };
  const buttons = (options.buttons || []).map((one) => button(one.label, () => {
    if (!one.act || one.act(handle) !== false) close();
  }, one.kind, one.changes ? { 'data-change': true } : null));
  const out = options.fixed ? null
    : el('button', { type: 'button', class: 'button quiet close', 'aria-label': words.common.close, on: { click: close } }, icon('close'));
  const panel = el('div', { class: 'sheet', role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': title_id, tabindex: '-1' },
    el('div', { class: 'sheet-head' }, el('h2', { id: title_id, dir: 'auto' }, options.title), out),
    el('div', { class: 'sheet-body' }, options.content),
    buttons.length ? el('div', { class: 'sheet-foot' }, buttons) : null);
  const cover = el('div', { class: 'cover' }, panel);
  handle.root = panel;
  const keys = (event) => {
    if (event.key === 'Escape' && !options.fixed) close();
    if (event.key === 'Tab') keep_inside(panel, event);
  };
  const aside = (event) => {
    if (event.target === cover && !options.fixed) close();
  };
  function close() {
    if (!cover.parentNode) return;
    layer.removeChild(cover);
    document.removeEventListener('keydown', keys);
    if (!layer.firstChild) document.body.classList.remove('under-sheet');
    if (options.closed) options.closed();
    if (before && before.isConnected !== false && before.focus) before.focus();
  }
  cover.addEventListener('click', aside);
  document.addEventListener('keydown', keys);
  layer.appendChild(cover);
  document.body.classList.add('under-sheet');
  panel.focus();
  return handle;
}

/// Shows the bar for "Saved, in force. Undo": one at a time, for `seconds`.
export function notices(place) {
  let timer = null;
  const clear = () => {
    clearTimeout(timer);
    fill(place);
    show(place, false);
  };
  return (sentence, options) => {
    const given = options || {};
    clear();
    fill(place, el('span', { dir: 'auto' }, sentence), given.label ? button(given.label, () => {
      clear();
      given.act();
    }, 'quiet') : button(words.common.close, clear, 'quiet'));
    show(place, true);
    timer = setTimeout(clear, (given.seconds || 8) * 1000);
    return clear;
  };
}

/// Returns a word with a shape before it. The shape has the same meaning as the color.
export function state_mark(kind, word) {
  const root = el('span', { class: 'state', 'data-kind': kind });
  const label = el('span', null, word);
  root.appendChild(el('i', { 'aria-hidden': 'true' }));
  root.appendChild(label);
  return {
    root,
    update(next, next_word) {
      if (root.getAttribute('data-kind') !== next) root.setAttribute('data-kind', next);
      text(label, next_word);
    },
  };
}
