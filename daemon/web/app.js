// Shell: the frame of every view, the choice of the view, and the `page` that views receive.

import { attr, el, fill, icon, memory, show, text } from './dom.js';
import { clock, duration, number, offset_of } from './format.js';
import { age, limits, may_change, poller, state_of } from './net.js';
import { asker, drafts, take_code } from './page.js';
import { known_of } from './known.js';
import { failed, notices, sheet, view_named } from './view.js';
import { words } from './words.js';
import './now.js';

const root = document.documentElement;
const ui = root.getAttribute('data-ui');
const by_id = (id) => document.getElementById(id);
const places = { title: by_id('title'), age: by_id('age'), badges: by_id('badges'), banner: by_id('banner'), main: by_id('main'), layer: by_id('layer'), said: by_id('said') };
const local = memory(() => window.localStorage);
// Module of a view, with the modules loaded with it.
const files = { history: 'tools', outputs: 'tools', sources: 'tools', system: 'tools', settings: 'settings', whatif: 'settings', load: 'parts', override: 'parts', alarms: 'parts', login: 'parts', more: 'parts' };

let view = null; // {name, root, title, update, close}
let opening = 0; // counter, so that a slow module does not replace a later view
let said = null; // last text of the live region
let clicked = false;
let followed = false; // the files of the next step were requested
const sheets = []; // open above the current view
let signed_out = false; // in the previous poll: the sheet opens once
const scrolled = new Map(); // scroll position of each address
const most_scrolled = 50;
const after_values = 1500; // ms
const started = performance.now();

const page = {
  live: null,
  session: null,
  zone: null,
  unit: 'C',
  wall: false,
  framed: window.top !== window.self,
  draft: drafts(memory(() => window.sessionStorage)),
  remember: local,
  notice: notices(by_id('notice')),
  go(address) {
    clicked = true;
    window.location.hash = address;
  },
  sheet: (options) => {
    if (!places.layer.firstChild) sheets.length = 0;
    const handle = sheet(places.layer, options);
    sheets.push(handle);
    controls();
    return handle;
  },
  hurry: (done) => poll.hurry(done),
  state: () => state_of(poll.link(), performance.now(), ui),
  canChange: () => !looking_only() && ['live', 'late', 'busy'].indexOf(page.state()) >= 0,
  /// Returns the seconds left of a time in an object of the picture. It keeps counting between polls.
  left(topic, seconds) {
    const heard = page.live.heard.get(topic);
    if (typeof seconds !== 'number' || heard === undefined) return null;
    return Math.max(0, seconds - (performance.now() - heard) / 1000);
  },
  /// Returns the seconds of an age in an object of the picture.
  aged(topic, seconds) {
    const heard = page.live.heard.get(topic);
    if (typeof seconds !== 'number' || heard === undefined) return null;
    return seconds + (performance.now() - heard) / 1000;
  },
  theme(wanted) {
    if (wanted) local.set('theme', wanted);
    const chosen = wanted || local.get('theme') || 'auto';
    root.setAttribute('data-theme', chosen);
    return chosen;
  },
  sign_in,
  signed_in,
  refresh: () => update_view(),
  /// Sets another heading for the current view.
  retitle(title) {
    if (view) view.title = title;
    text(places.title, title);
  },
  /// Loads a module and passes on what it registered. Shows an error if it does not load.
  use: (name, act) => module_of(name).then(act, (error) => page.notice(error.message)),
};
page.ask = asker(() => sign_in());
page.known = known_of(page);

const poll = poller({
  now: () => performance.now(),
  random: Math.random,
  later: (act, ms) => setTimeout(act, ms),
  cancel: (timer) => clearTimeout(timer),
  ask: (address, ms) => page.ask('GET', address, { timeout: ms, quiet: true }),
  hidden: () => document.hidden,
  view: () => (view && view.name === 'now' ? 'now' : 'all'),
  changed: took,
});
page.live = poll.link().picture;

function looking_only() {
  return page.framed || page.wall || !may_change(page.live.role);
}

// ---- results of a poll

function took(link) {
  page.live = link.picture;
  const offset = offset_of(page.live.at, page.live.local);
  const chosen = page.known.preferences && page.known.preferences.timezone;
  page.zone = chosen || (offset === null ? page.zone : offset);
  page.unit = (page.known.preferences && page.known.preferences.temperature_unit) || 'C';
  page.known.follow(page.live);
  if (link.problem === 'signed-out' && !signed_out) sign_in();
  signed_out = link.problem === 'signed-out';
  tick();
  update_view();
  say();
  if (!followed && page.live.received !== null) {
    followed = true;
    setTimeout(() => module_of('override').catch(() => {}), after_values); // the sheets open at once, even if the link is down by then
  }
}

function update_view() {
  if (!view || page.live.received === null) return;
  in_view(() => view.update(page.live));
  controls();
}

/// Replaces a failed view with a card that says so. The shell keeps working.
function in_view(act) {
  try {
    act();
  } catch (error) {
    put({ name: view.name, root: el('div', { class: 'view' }, failed(error)), title: view.title, update() {}, close: view.close });
  }
}

/// Updates everything that time alone changes, once a second and after each poll.
function tick() {
  const state = page.state();
  page.live.state = state;
  document.body.setAttribute('data-link', state);
  if (view && view.root.getAttribute('data-state') !== state) view.root.setAttribute('data-state', state);
  const old = age(poll.link(), performance.now());
  const dated = { late: () => words.link.ago(duration(old / 1000)), cut: () => words.link.as_of(clock(page.live.at, page.zone)), stuck: () => words.link.as_of(clock(page.live.at, page.zone)) };
  text(places.age, dated[state] && old !== null ? dated[state]() : '');
  banner(state);
  const alarms = alarm_count();
  document.querySelectorAll('.alarm-count').forEach((node) => {
    show(text(node, alarms), alarms > 0);
    node.setAttribute('aria-label', words.nav.alarm_count(alarms));
  });
  document.title = [title_value(state), site_name()].filter(Boolean).join(' · ');
  if (view && view.tick && page.live.received !== null) in_view(() => view.tick());
  controls();
}

// Returns the tab title: "52.3 V", or a note that the value is old.
function title_value(state) {
  if (state === 'cut' || state === 'stuck') return words.link['title_' + state];
  const { voltage_v: voltage } = page.live.objects.get('battery') || {};
  return typeof voltage === 'number' ? number(voltage, 1) + ' V' : null;
}

function alarm_count() {
  return Array.from(page.live.objects.keys()).filter((topic) => topic.indexOf('alarm/') === 0).length;
}

function site_name() {
  return (page.session && page.session.site) || 'voltd';
}

function banner(state) {
  const since = page.live.at ? clock(page.live.at, page.zone) : null;
  const problem = poll.link().problem_text;
  const again = { label: words.common.try_now, act: () => poll.retry() };
  const waited = performance.now() - started > limits.late;
  const shown = {
    loading: waited ? { text: words.common.still_trying, button: again } : null,
    cut: { text: since ? words.link.cut(since) : words.link.cut_never, button: again },
    stuck: { text: since ? words.link.stuck(since) : problem || words.link.stuck('–'), button: again },
    'signed-out': { text: words.link.signed_out, button: { label: words.login.title, act: sign_in } },
    'refused-name': { text: problem || words.link.refused_name },
    'other-version': { text: words.link.other_version, button: { label: words.common.reload, act: () => window.location.reload() } },
  }[state] || null;
  if (state === 'other-version') reload_alone();
  const key = shown ? shown.text : '';
  if (places.banner.getAttribute('data-key') === key) return;
  places.banner.setAttribute('data-key', key);
  fill(places.banner, shown ? el('p', { dir: 'auto' }, shown.text) : null,
    shown && shown.button ? el('button', { type: 'button', class: 'button', on: { click: shown.button.act } }, shown.button.label) : null);
  show(places.banner, Boolean(shown));
}

/// Reloads for a new version, once per version, if the page has no drafts or sheets.
function reload_alone() {
  const wanted = page.live.ui;
  if (page.draft.keys().length || places.layer.firstChild || local.get('reloaded-for') === wanted) return;
  local.set('reloaded-for', wanted);
  window.location.reload();
}

/// Disables controls while the link is down, and hides them from a user who may only view.
function controls() {
  const can = page.canChange();
  document.body.classList.toggle('looking', looking_only());
  document.querySelectorAll('[data-change]').forEach((node) => {
    const off = !can || node.hasAttribute('data-invalid');
    if (node.disabled !== off) node.disabled = off;
    const reason = can ? null : words.link.reason_cut;
    if (node.getAttribute('data-why') !== reason) {
      if (reason) node.setAttribute('data-why', reason);
      else node.removeAttribute('data-why');
      node.title = reason || '';
    }
  });
}

/// Announces changes of stage, loads and alarms in the live region.
function say() {
  const now = new Map();
  page.live.objects.forEach((object, topic) => {
    if (topic === 'battery') now.set(topic, words.live_region.stage(words.stages[object.stage] || object.stage));
    if (topic.indexOf('miner/') === 0) now.set(topic, words.live_region.load(page.known.name(topic.slice(6)), words.states[object.state] || object.state));
    if (topic.indexOf('alarm/') === 0) now.set(topic, words.live_region.alarm(object.text));
  });
  const news = [];
  if (said) {
    now.forEach((sentence, topic) => {
      if (said.has(topic) ? topic.indexOf('alarm/') !== 0 && said.get(topic) !== sentence : topic.indexOf('alarm/') === 0) news.push(sentence);
    });
    if (Array.from(said.keys()).some((topic) => topic.indexOf('alarm/') === 0 && !now.has(topic))) news.push(words.live_region.alarm_over);
  }
  if (page.live.received !== null) said = now;
  if (news.length) text(places.said, news.slice(0, 5).join('. '));
}

// ---- views

/// Returns `{name, path, query}` for `#/load/a/b?h=24`.
function route() {
  const [path, query] = window.location.hash.replace(/^#\/?/, '').split('?');
  const plain = (part) => {
    try {
      return decodeURIComponent(part);
    } catch (garbled) {
      return part;
    }
  };
  const parts = path.split('/').filter(Boolean).map(plain);
  const asked = {};
  (query || '').split('&').filter(Boolean).forEach((pair) => {
    const at = pair.indexOf('=');
    asked[plain(at < 0 ? pair : pair.slice(0, at))] = at < 0 ? '' : plain(pair.slice(at + 1));
  });
  return { name: parts[0] || 'now', path: parts, query: asked };
}

const loaded = new Map();

// Loads a script of the page with an element, once unless it failed.
function load_file(name) {
  if (loaded.has(name)) return loaded.get(name);
  const coming = new Promise((found, refused) => {
    const node = el('script', { type: 'module', src: '/ui/' + ui + '/' + name + '.js' });
    node.onload = found;
    node.onerror = () => {
      loaded.delete(name);
      refused(new Error(words.common.view_failed));
    };
    document.head.appendChild(node);
  });
  loaded.set(name, coming);
  return coming;
}

async function module_of(name) {
  if (!view_named(name) && files[name]) await load_file(files[name]);
  if (!view_named(name)) throw new Error(words.common.view_failed);
  return view_named(name);
}

function put(next) {
  view = next;
  fill(places.main, next.root);
  next.root.setAttribute('data-state', page.state());
}

async function show_view() {
  const wanted = route();
  const turn = (opening += 1);
  const back = clicked ? 0 : scrolled.get(window.location.hash) || 0;
  clicked = false;
  page.wall = wanted.name === 'now' && wanted.query.wall !== undefined;
  document.body.classList.toggle('wall', page.wall);
  let next;
  try {
    if (wanted.name !== 'now' && (!files[wanted.name] || wanted.name === 'override')) throw new Error(words.common.no_such_view);
    const open = await module_of(wanted.name);
    if (turn !== opening) return;
    if (view) view.close();
    next = Object.assign({ name: wanted.name }, open(page, { path: wanted.path, query: wanted.query }));
  } catch (error) {
    if (turn !== opening) return;
    const again = el('button', { type: 'button', class: 'button', on: { click: () => window.location.reload() } }, words.common.reload);
    next = { name: wanted.name, root: el('div', { class: 'view' }, failed(error), again), title: words.nav[wanted.name] || 'voltd', update() {}, close() {} };
  }
  const first = view === null;
  put(next);
  text(places.title, next.name === 'now' ? site_name() : next.title);
  mark_current();
  update_view();
  tick();
  window.scrollTo(0, back);
  if (!first) places.main.focus({ preventScroll: true });
}

/// Marks the menu entry of the current view. More represents the views that are not in a phone's bar.
function mark_current() {
  const links = Array.from(document.querySelectorAll('nav a'));
  const here = links.find((link) => link.offsetParent && link.getAttribute('data-view').split(' ').indexOf(route().name) >= 0);
  links.forEach((link) => attr(link, 'aria-current', link === here ? 'page' : null));
}

// ---- sign in

let signing = null;

function sign_in() {
  if (signing || route().name === 'login' || page.wall) return;
  signing = true;
  module_of('login').then((open) => {
    const form = open(page, { path: [], query: {}, done: () => signing.close() });
    signing = page.sheet({ title: words.login.title, content: form.root, closed: () => {
      signing = null;
      form.close();
    } });
  }, () => {
    signing = null;
  });
}

/// Updates the user and everything else after a code was accepted.
async function signed_in() {
  const answer = await page.ask('GET', '/session', { quiet: true });
  if (answer.status === 200 && answer.body) page.session = answer.body;
  if (view && view.name === 'now') text(places.title, site_name());
  page.known.forget();
  poll.forget();
}

/// Removes a code from the address at once, so that neither history nor a screenshot keeps it.
function hide_code() {
  const code = take_code(window);
  if (!code) return;
  page.code = code;
  window.history.replaceState(null, '', window.location.pathname + '#/login');
}

// ---- start

function start() {
  page.theme();
  by_id('skip').addEventListener('click', () => places.main.focus());
  hide_code();
  window.addEventListener('hashchange', () => {
    hide_code();
    sheets.splice(0).forEach((one) => one.close()); // Back closes the sheets first
    show_view();
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest ? event.target.closest('a[href^="#"]') : null;
    if (link) clicked = true;
  }, true);
  window.addEventListener('resize', mark_current);
  window.addEventListener('scroll', () => {
    if (scrolled.size > most_scrolled) scrolled.clear();
    scrolled.set(window.location.hash, window.scrollY);
  }, { passive: true });
  document.addEventListener('visibilitychange', () => (document.hidden ? poll.sleep() : poll.wake()));
  window.addEventListener('pageshow', (event) => event.persisted && poll.wake());
  window.addEventListener('online', () => poll.wake());
  ['pointerdown', 'keydown', 'touchstart'].forEach((name) => document.addEventListener(name, () => poll.touch(), { passive: true }));
  setInterval(tick, 1000);
  poll.start();
  show_view();
  signed_in_quietly();
}

async function signed_in_quietly() {
  const answer = await page.ask('GET', '/session', { quiet: true });
  if (answer.status === 200 && answer.body) page.session = answer.body;
  if (view && view.name === 'now') text(places.title, site_name());
  tick();
}

start();
