// Signing in with a code of `voltctl login`.

import { el } from './dom.js';
import { register } from './view.js';
import { words } from './words.js';

register('login', (page, parameters) => ({ root: el('div', { class: 'view' }), title: words.login.title, update() {}, close() {}, page, parameters }));
