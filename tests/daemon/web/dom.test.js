// Tests that nodes are made of text and attributes, and lists keep their nodes.
import test from 'node:test';
import assert from 'node:assert/strict';
import { install_document } from './fake_document.js';
import { attr, el, keyed, memory, show, text } from '../../../daemon/web/dom.js';

install_document();

test('makes text nodes from any string', () => {
  const node = el('p', { class: 'x', hidden: false, disabled: true, title: null }, '<img src=x onerror=alert(1)>', null, false, 3, ['a', el('b')]);
  assert.equal(node.textContent, '<img src=x onerror=alert(1)>3a');
  assert.deepEqual(node.children.map((one) => one.tag), ['#text', '#text', '#text', 'b']);
  assert.equal(node.getAttribute('disabled'), '');
  assert.equal(node.hasAttribute('hidden'), false);
  assert.equal(node.hasAttribute('title'), false);
});

test('writes text and attributes only when they change', () => {
  const node = el('p');
  text(node, 'a');
  text(node, 'a');
  assert.equal(node.writes, 1);
  attr(node, 'href', 'x');
  attr(node, 'href', null);
  assert.equal(node.hasAttribute('href'), false);
  assert.equal(show(node, false).hidden, true);
});

test('explains a dash until there is a value', () => {
  const node = text(el('p'), '–');
  assert.match(node.title, /No usable/);
  assert.equal(text(node, '3 W').title, '');
});

test('uses the SVG namespace and sets listeners', () => {
  let clicked = 0;
  const node = el('svg', { svg: true, on: { click: () => { clicked += 1; } } });
  node.listeners.click();
  assert.match(node.space, /svg/);
  assert.equal(clicked, 1);
});

test('adds, removes and moves items but keeps their nodes', () => {
  const parent = el('ul');
  let made = 0;
  const update = keyed(parent, () => {
    made += 1;
    const root = el('li');
    return { root, update: (item) => text(root, item.text) };
  });
  const items = (string) => string.split('').map((key) => ({ key, text: key }));
  update(items('abc'));
  const b = parent.children[1];
  update(items('bca'));
  assert.equal(parent.textContent, 'bca');
  assert.equal(parent.children[0], b);
  assert.equal(made, 3);
  update(items('bxa'));
  assert.equal(parent.textContent, 'bxa');
  update(items('aa'));
  assert.equal(parent.textContent, 'a', 'a key that stands twice is shown once');
  update([]);
  assert.equal(parent.children.length, 0);
});

test('moves nothing in an unchanged list', () => {
  const parent = el('ul');
  const update = keyed(parent, () => ({ root: el('li') }));
  const items = Array.from({ length: 200 }, (unused, key) => ({ key }));
  update(items);
  update(items);
  assert.deepEqual(Array.from(new Set(parent.children.map((one) => one.moves))), [1]);
});

test('falls back to memory if the storage refuses', () => {
  const refusing = memory(() => {
    throw new Error('SecurityError');
  });
  refusing.set('theme', 'dark');
  assert.equal(refusing.get('theme'), 'dark');
  assert.deepEqual(refusing.keys(), ['theme']);
  refusing.drop('theme');
  assert.equal(refusing.get('theme'), null);
  const full = memory(() => ({ getItem: () => null, setItem: () => { throw new Error('QuotaExceeded'); }, removeItem() {} }));
  full.set('a', '1');
  assert.equal(full.get('a'), '1');
});
