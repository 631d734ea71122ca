// Tests of the override sheet: it orders what its button says.
import test from 'node:test';
import assert from 'node:assert/strict';
import { install_document } from './fake_document.js';
import { view_named } from '../../../daemon/web/view.js';
import { words } from '../../../daemon/web/words.js';
import '../../../daemon/web/override.js';

install_document();

/// Opens the sheet of a load at this site time. Returns it with the orders.
function opened(local) {
  const bed = { orders: [], ticks: [], page: { live: { local, objects: new Map() } } };
  const timer = globalThis.setInterval;
  globalThis.setInterval = (act) => bed.ticks.push(act);
  Object.assign(bed.page, {
    known: { name: (load) => load, of: () => null, zone: () => null, renew() {} },
    canChange: () => true, notice() {}, hurry() {},
    sheet(options) {
      bed.root = options.content;
      return { close() {} };
    },
    ask(method, path, options) {
      if (path.indexOf('dry_run') < 0) bed.orders.push(options.body);
      return Promise.resolve({ status: 200, body: { would: [], explain: {} } });
    },
  });
  view_named('override')(bed.page, 'miner');
  globalThis.setInterval = timer;
  const all = (node) => [node].concat(...node.children.map(all));
  bed.find = (label) => all(bed.root).find((node) => node.tag === 'button' && node.textContent === label);
  bed.says = (sentence) => all(bed.root).some((node) => node.textContent === sentence);
  bed.press = (label) => {
    assert.ok(bed.find(label), `a button "${label}"`);
    bed.find(label).listeners.click();
  };
  return bed;
}

test('orders the displayed end however long the sheet is open', () => {
  const bed = opened('2025-06-21T23:00:00');
  bed.page.live.local = '2025-06-21T23:01:30';
  bed.press('Switch on until 00:00');
  assert.deepEqual(bed.orders, [{ override: 'on', minutes: 59 }]);
});

test('orders nothing after the displayed end has passed', () => {
  const bed = opened('2025-06-21T12:00:00');
  bed.page.live.local = '2025-06-21T14:00:00';
  bed.press('Switch on until 13:00');
  assert.deepEqual(bed.orders, []);
  assert.ok(bed.says(words.override.moved));
  assert.ok(bed.find('Switch on until 15:00'));
});

test('does not roll a passed midnight to the next', async () => {
  const bed = opened('2025-06-21T23:59:50');
  bed.press('midnight');
  bed.page.live.local = '2025-06-22T00:00:10';
  bed.press('Switch on until 00:00');
  assert.deepEqual(bed.orders, []);
  assert.ok(bed.find('Switch on until 01:00'));
  bed.press('midnight');
  bed.page.live.local = '2025-06-22T23:59:50';
  bed.ticks.forEach((tick) => tick());
  bed.press('Switch on until 00:00');
  assert.deepEqual(bed.orders, [{ override: 'on', minutes: 1 }]);
  await new Promise((resolve) => setImmediate(resolve));
  bed.page.live.local = '2025-06-23T00:00:10';
  bed.ticks.forEach((tick) => tick());
  assert.ok(bed.find('Switch on until 01:00'));
});

test('keeps the button disabled without a link', () => {
  const bed = opened('2025-06-21T12:00:00');
  assert.equal(bed.find('Switch on until 13:00').disabled, false);
  bed.page.canChange = () => false;
  bed.press('Off');
  assert.equal(bed.find('Switch off until 13:00').disabled, true);
  bed.page.canChange = () => true;
  bed.press('On');
  assert.equal(bed.find('Switch on until 13:00').disabled, false);
});

/// Opens the mode sheet with its timers. `answer`: voltd's answer to everything. `press(label)` taps an enabled button.
function opened_mode(answer) {
  const bed = { said: [], orders: [], timers: [] };
  const timer = globalThis.setTimeout;
  globalThis.setTimeout = (act, ms) => bed.timers.push({ act, ms });
  bed.end = () => {
    globalThis.setTimeout = timer;
  };
  const page = {
    live: { local: '2025-06-21T12:00:00', objects: new Map([['site', { mode: 'balanced' }]]) },
    known: { name: (load) => load, of: () => null, zone: () => null },
    canChange: () => true, hurry() {}, notice: (sentence) => bed.said.push(sentence),
    sheet(options) {
      bed.root = options.content;
      return { close() {} };
    },
    ask(method, path, options) {
      if (path.indexOf('dry_run') < 0) bed.orders.push(options.body.mode);
      return answer();
    },
  };
  view_named('override').mode(page);
  const all = (node) => [node].concat(...node.children.map(all));
  const buttons = () => all(bed.root).filter((node) => node.tag === 'button');
  bed.act = buttons().pop();
  bed.choose = (label) => buttons().find((node) => node.textContent.startsWith(label)).listeners.click();
  bed.tap = () => (bed.act.disabled ? null : bed.act.listeners.click());
  bed.read = () => bed.timers.splice(0).forEach((one) => one.act());
  return bed;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('says that an active mode is not stored', async () => {
  const warning = 'The mode is in force, but the database cannot be written now';
  const bed = opened_mode(() => Promise.resolve({ status: 200, body: { would: [], stored: false, warning } }));
  bed.choose('Conservative');
  await settled();
  bed.read();
  bed.tap();
  await settled();
  bed.end();
  assert.deepEqual(bed.said, [warning]);
});

test('ignores a double tap, and orders Off without waiting', async () => {
  const answers = [];
  const bed = opened_mode(() => new Promise((resolve) => answers.push(resolve)));
  bed.choose('Conservative');
  bed.read();
  bed.tap();
  assert.equal(bed.act.disabled, true, 'no answer yet');
  answers.shift()({ status: 200, body: { would: [], explain: {} } });
  await settled();
  assert.equal(bed.act.disabled, true, 'just shown');
  assert.ok(bed.timers.length > 0 && bed.timers.every((one) => one.ms >= 600));
  bed.choose('Off');
  bed.tap();
  assert.equal(bed.act.disabled, true, 'just shown');
  bed.read();
  bed.tap();
  bed.tap();
  assert.match(bed.act.textContent, /^Yes/);
  assert.deepEqual(bed.orders, []);
  bed.choose('Conservative');
  bed.read();
  assert.equal(bed.act.disabled, true, 'the time of another choice does not count');
  bed.choose('Off');
  bed.read();
  bed.tap();
  bed.read();
  answers.forEach((answer) => answer({ status: 200, body: { would: [], explain: {} } }));
  await settled();
  assert.match(bed.act.textContent, /^Yes/);
  bed.tap();
  bed.end();
  assert.deepEqual(bed.orders, ['off']);
});
