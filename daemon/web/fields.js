// Fields of a form: each shows its value, the previous one, its problem in voltd's words, and its purpose.

import { el, attr, show, text } from './dom.js';
import { decimals_of, typed_number } from './checks.js';
import { celsius } from './format.js';
import { label_of, value_text } from './effect.js';
import { same } from './draft.js';
import { choices, labels, plain, units, words } from './words_settings.js';

/// Returns the purpose of a column from its description, without the notes for programs, and with labels for other columns.
export function hint_of(schema) {
  const bare = String(schema.description || '').replace(/ Unit: [^.]*\.$/, '').replace(/ (0 and 1 are|Its slug or name is) accepted too\.$/, '').replace(/; null: [^.]*/, '');
  return bare.replace(/[a-z]+(_[a-z0-9]+)+/g, (name) => (labels[name] ? '“' + labels[name] + '”' : name));
}

/// Builds label, entry, previous value, error and hint around an input. Registers the part with the form.
function frame(form, name, input, options) {
  const id = 'f-' + name;
  attr(input, 'id', id);
  attr(input, 'aria-describedby', id + '-fault ' + id + '-was ' + id + '-hint');
  const was = el('p', { class: 'was', id: id + '-was' });
  const fault = el('p', { class: 'fault', id: id + '-fault', 'aria-live': 'polite', dir: 'auto' });
  const hint = el('p', { class: 'hint', id: id + '-hint' }, plain.indexOf(name) < 0 ? hint_of(form.schema(name)) : null);
  const label = el('label', { for: id }, options.label || label_of(name));
  const entry = el('div', { class: 'entry' }, options.before, input, options.unit ? el('span', { class: 'unit', 'aria-hidden': 'true' }, options.unit) : null, options.after);
  const also = options.unit === '°C' ? el('p', { class: 'muted' }) : null;
  const root = el('div', { class: 'setting ' + (options.kind || ''), 'data-field': name }, label, entry, also, was, fault, hint);
  form.add({ fields: [name], update(problems) {
    options.show(form.value(name));
    // Settings are in °C. A person who uses °F sees both.
    if (also) show(text(also, celsius(form.value(name), 'F')), form.page.unit === 'F' && typeof form.value(name) === 'number');
    const changed = !form.row.fresh && !same(form.value(name), form.draft.base[name]);
    attr(root, 'data-changed', changed);
    show(text(was, changed ? words.form.was(value_text(name, form.draft.base[name])) : ''), changed);
    show(text(fault, problems.map((it) => it.text).join(' ')), problems.length > 0);
    attr(input, 'aria-invalid', problems.length > 0 ? 'true' : null);
  } });
  return root;
}

/// Returns a number for its input: all its digits, no grouping.
export function plain_number(schema, value) {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'number') return String(value);
  const decimals = decimals_of(schema);
  if (decimals === null || decimals === 3) return String(value);
  return String(Number(value.toFixed(decimals))) === String(value) ? value.toFixed(decimals) : String(value);
}

/// Returns an input for a number. `read()` returns the value to show; `write(value)` takes the typed one.
export function number_input(schema, write, attributes) {
  const negative = schema.minimum < 0;
  const input = el('input', Object.assign({ type: 'text', inputmode: negative ? null : decimals_of(schema) === 0 ? 'numeric' : 'decimal',
    autocomplete: 'off', class: 'digits', placeholder: schema.nullable ? words.null_value : null, on: { input: () => write(typed_number(input.value)) } }, attributes));
  return {
    input,
    show(value) {
      // Do not change text while it is being typed.
      if (document.activeElement === input && same(typed_number(input.value), value === undefined ? null : value)) return;
      const wanted = plain_number(schema, value);
      if (input.value !== wanted) input.value = wanted;
    },
  };
}

/// Returns a number field. With `step` it has a button on each side, which starts at `begin()` if there is no value yet.
export function number_field(form, name, options) {
  const given = options || {};
  const schema = form.schema(name);
  const made = number_input(schema, (value) => form.set({ [name]: value }));
  made.input.addEventListener('blur', () => {
    made.input.value = plain_number(schema, form.value(name));
  });
  const by = (sign) => () => {
    const value = form.value(name);
    const scale = Math.pow(10, decimals_of(schema) || 0);
    const begin = typeof value === 'number' ? value : (given.begin && given.begin()) || schema.minimum;
    const next = begin + sign * given.step;
    form.set({ [name]: Math.min(Math.max(Math.round(next * scale) / scale, schema.minimum), schema.maximum) });
  };
  const label = given.label || label_of(name);
  const step = (sign, mark, word) => el('button', { type: 'button', class: 'button step', 'aria-label': word(label), on: { click: by(sign) } }, mark);
  return frame(form, name, made.input, Object.assign({ unit: units[name], show: made.show, kind: 'of-number',
    before: given.step ? step(-1, '−', words.form.less) : null, after: given.step ? step(1, '+', words.form.more) : null }, given));
}

/// Returns a line of text. An empty one becomes null if the column allows it.
export function text_field(form, name, options) {
  const schema = form.schema(name);
  const input = el('input', { type: 'text', autocomplete: 'off', dir: 'auto', maxlength: String((schema.maxLength || 64) + 1),
    on: { input: () => form.set({ [name]: input.value === '' && schema.nullable ? null : input.value }) } });
  return frame(form, name, input, Object.assign({ show(value) {
    const wanted = value === null || value === undefined ? '' : String(value);
    if (input.value !== wanted) input.value = wanted;
  } }, options));
}

/// Returns a time of day.
export function clock_field(form, name, options) {
  const input = el('input', { type: 'time', on: { input: () => form.set({ [name]: input.value }) } });
  return frame(form, name, input, Object.assign({ kind: 'of-clock', show(value) {
    if (input.value !== value && document.activeElement !== input) input.value = value || '';
  } }, options));
}

/// Returns a choice: `list()` returns `[{value, label, disabled}]`, value null for none; without it, the column's words.
export function choice_field(form, name, options) {
  const given = options || {};
  const schema = form.schema(name);
  const own = () => (schema.enum || []).map((value) => ({ value, label: (choices[name] && choices[name][value]) || value }));
  const select = el('select', { on: { change: () => form.set({ [name]: select.value === '' ? null : select.value }) } });
  let shown = '';
  return frame(form, name, select, Object.assign({ show(value) {
    const all = (given.list || own)();
    const made = JSON.stringify(all);
    if (made !== shown) {
      shown = made;
      while (select.firstChild) select.removeChild(select.firstChild);
      all.forEach((one) => select.appendChild(el('option', { value: one.value === null ? '' : one.value, disabled: one.disabled }, one.label)));
    }
    const wanted = value === null || value === undefined ? '' : String(value);
    if (select.value !== wanted) select.value = wanted;
  } }, given));
}

/// Returns a yes/no field.
export function flag_field(form, name, options) {
  const input = el('input', { type: 'checkbox', on: { change: () => form.set({ [name]: input.checked }) } });
  return frame(form, name, input, Object.assign({ kind: 'of-flag', show(value) {
    input.checked = value === true;
  } }, options));
}
