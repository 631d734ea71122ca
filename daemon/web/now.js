// The view Now: what the site does at this moment.

import { el, text } from './dom.js';
import { volts } from './format.js';
import { card, register } from './view.js';
import { words } from './words.js';

function open() {
  const battery = card(words.now.title);
  const voltage = el('p', { class: 'voltage' });
  battery.body.appendChild(voltage);
  return {
    root: el('div', { class: 'view' }, battery.root),
    title: words.now.title,
    update(live) {
      const now = live.objects.get('battery') || {};
      text(voltage, volts(now.voltage_v));
    },
    close() {},
  };
}

register('now', open);
