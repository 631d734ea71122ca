// Tests that a failed part becomes a card and the others keep working.
import test from 'node:test';
import assert from 'node:assert/strict';
import { install_document } from './fake_document.js';
import { el, text } from '../../../daemon/web/dom.js';
import { guarded, sheet } from '../../../daemon/web/view.js';

install_document();

test('replaces a failing part with a card', () => {
  const never = guarded(() => {
    throw new Error('no nodes');
  });
  assert.match(never.root.textContent, /This part failed.*no nodes/);
  never.update(1);
  never.tick();
  const root = el('p');
  const part = guarded(() => ({ root, update: (value) => text(root, value.word) }));
  const view = el('div', null, part.root);
  part.update({ word: 'lives' });
  assert.equal(view.textContent, 'lives');
  part.update(null);
  assert.match(view.textContent, /This part failed/);
  part.update({ word: 'again' });
  assert.match(view.textContent, /This part failed/);
});

test('marks buttons that change something for the shell', () => {
  let acts = 0;
  const layer = el('div');
  const { root } = sheet(layer, { title: 'Sure?', content: el('p'), buttons: [{ label: 'Keep' }, { label: 'End', changes: true, act: () => {
    acts += 1;
  } }] });
  const [keep, end] = root.children[2].children;
  assert.equal(keep.hasAttribute('data-change'), false);
  assert.equal(end.hasAttribute('data-change'), true);
  end.listeners.click();
  assert.equal(acts, 1);
  assert.equal(layer.firstChild, null);
});
