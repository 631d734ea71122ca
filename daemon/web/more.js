// Menu of a phone: the views that are not in the bar, theme, sign-in and sign-out.

import { el, fill, icon } from './dom.js';
import { may_change } from './net.js';
import { button, card, register, theme_choice } from './view.js';
import { words } from './words.js';

const links = ['settings', 'outputs', 'sources', 'system'];

function link(address, title, note) {
  return el('a', { href: address, class: 'menu-link' }, el('span', null, el('b', null, title), el('span', { class: 'muted' }, note)), icon('chevron'));
}

register('more', (page) => {
  const views = card(null);
  views.body.className = 'rows';
  links.forEach((name) => views.body.appendChild(link('#/' + name, words.nav[name], words.more[name + '_note'])));
  views.body.appendChild(link('#/?wall', words.more.wall, words.more.wall_note));
  const theme = card(words.more.theme);
  theme.body.appendChild(theme_choice(page));
  const who = card(null);
  return {
    root: el('div', { class: 'view more' }, views.root, theme.root, who.root),
    title: words.more.title,
    update() {
      const session = page.session || {};
      const signed = Boolean(session.role);
      const key = String(signed) + session.name;
      if (who.root.getAttribute('data-key') === key) return;
      who.root.setAttribute('data-key', key);
      const out = async () => {
        await page.ask('DELETE', '/session', { quiet: true });
        window.location.reload();
      };
      fill(who.body, signed ? el('p', null, words.more.signed_in(session.name || '–', words.roles[session.role] || session.role)) : null,
        signed && may_change(session.role) ? el('p', null, words.more.keys_stay) : null,
        el('div', { class: 'choices' }, may_change(session.role) ? null : button(words.more.sign_in, () => page.sign_in()), signed ? button(words.more.sign_out, out) : null));
    },
    close() {},
  };
});
