// Tests of the logic of Now, Load, Alarms and the sheets, independent of their nodes.
import test from 'node:test';
import assert from 'node:assert/strict';
import { install_document } from './fake_document.js';

install_document();
const { alarms_of, badges_of, event_of, events_of_site } = await import('../../../daemon/web/now.js');
const { counting_gate, flip_words, measured, miners_in_order, override_text } = await import('../../../daemon/web/cards.js');
const { flows, spoken } = await import('../../../daemon/web/flow.js');
const { layout, thresholds_of } = await import('../../../daemon/web/voltage_line.js');
const { words } = await import('../../../daemon/web/words.js');
const { power_words } = await import('../../../daemon/web/meter.js');
const { in_order, input_rows, limit_of, margin_of, stand_of } = await import('../../../daemon/web/load.js');
const { subject_link } = await import('../../../daemon/web/alarms.js');
const { body_of, would_text } = await import('../../../daemon/web/override.js');
const { clean_code, device_name, wrong_text } = await import('../../../daemon/web/login.js');
const { drafts, take_code } = await import('../../../daemon/web/page.js');
const { memory } = await import('../../../daemon/web/dom.js');

const plain = (string) => string.replace(/\u00a0/g, ' ');

test('sorts critical alarms first, then by daemon order', () => {
  const objects = new Map([['alarm/a', { severity: 'warning' }], ['alarm/b', { severity: 'warning' }], ['alarm/c/x', { severity: 'critical' }],
    ['alarms', { list: [{ alarm: 'b' }, { alarm: 'a' }] }]]);
  assert.deepEqual(alarms_of(objects).map((one) => one.name), ['c/x', 'b', 'a']);
});

test('shows badges for shadow, safe mode and clocks', () => {
  const keys = (site, alarms) => badges_of(site, new Map(alarms || [])).map((one) => one.key);
  assert.deepEqual(keys({ commands: 'shadow', clock: 'simulated', clock_trusted: false }), ['shadow', 'clock_simulated']);
  assert.deepEqual(keys({ degraded: true, clock_trusted: false }, [['alarm/safe_mode', {}]]), ['safe_mode', 'degraded', 'clock_untrusted']);
  assert.deepEqual(keys({}), []);
});

test('reads events of picture and database alike', () => {
  assert.equal(event_of({ at: '1', text: 'a' }).text, 'a');
  assert.equal(event_of({ at: '1', message: 'a', data: null }).text, 'a');
});

test('hides sign-ins from the site events', () => {
  const body = [{ at: '2', kind: 'session', message: 'x signed in' }, { at: '1', kind: 'load', message: 'a' }];
  assert.deepEqual(events_of_site({ status: 200, body }).map((one) => one.text), ['a']);
  assert.deepEqual(events_of_site({ status: 0, body: null }), []);
});

test('omits shell commands from conditions', () => {
  assert.equal(flip_words('Enable it: `voltctl miners set m enabled=yes`; then needs 54.50 V'), 'Enable it; then needs 54.50 V');
  assert.equal(flip_words('Needs a voltage reading (see `voltctl alarms`)'), 'Needs a voltage reading');
  assert.equal(flip_words('Needs sunny weather (`weather` in voltd.yaml)'), 'Needs sunny weather');
  assert.equal(flip_words('Earliest 10:00, with 8 kW of sun'), 'Earliest 10:00, with 8 kW of sun');
  assert.equal(flip_words(undefined), '');
});

test('says no meter only if that is known', () => {
  assert.deepEqual([measured(0, true), measured(null, true), measured(null, false)].map(plain), ['0 W', 'no value', 'no meter']);
});

test('shows only measured flows', () => {
  const all = flows({ pv_w: 8450, grid_w: 5, base_load_w: 1850, allocated_w: null }, { power_w: 6600 });
  assert.deepEqual([all.sun.way, all.grid.way, all.house.way, all.loads.way, all.battery.way], ['in', 'none', 'out', 'unknown', 'out']);
  assert.equal(plain(spoken(all, true)), 'Sun 8,450 W, Grid 0 W, Battery 6,600 W charging, House 1,850 W, Loads no value');
  assert.equal(flows(null, null).sun.word, 'no value');
  const none = flows({ pv_w: null, grid_w: 0, base_load_w: null, allocated_w: 900 }, { power_w: 941 }, true);
  assert.deepEqual(['sun', 'grid', 'house'].map((name) => none[name].word), ['not measured', 'not measured', 'not measured']);
  assert.equal(none.loads.watts, 900);
  assert.equal(flows({ pv_w: 400 }, null, true).sun.watts, 400);
  assert.equal(plain(power_words(633)), 'Charging at 633 W');
  assert.equal(power_words(null), 'power unknown');
});

const preferences = { voltage_shutdown: 44, voltage_critical_low: 45, voltage_low: 47, voltage_restart: 50, voltage_optimal_min: 50, voltage_optimal_max: 54.5, voltage_float: 55,
  voltage_absorption: 57.6, voltage_full: 58, battery_absolute_max: 60 };

test('keeps labels inside without touching', () => {
  [240, 302, 560, 900].forEach((width) => {
    const plan = layout(thresholds_of(preferences), [], width);
    assert.equal(plan.x(44) < plan.x(60), true);
    [0, 1].forEach((row) => {
      const spans = plan.labels.filter((one) => one.row === row).map((one) => {
        const wide = one.text.length * 9.2;
        return one.anchor === 'end' ? [one.x - wide, one.x] : [one.x, one.x + wide];
      }).sort((a, b) => a[0] - b[0]);
      spans.forEach(([from, to], index) => {
        assert.ok(from >= -0.5 && to <= width + 0.5, `${width}: ${from} ${to}`);
        if (index) assert.ok(from > spans[index - 1][1]);
      });
    });
    assert.ok(plan.labels.some((one) => one.key === 'shutdown') && plan.labels.some((one) => one.key === 'max'));
  });
  assert.equal(layout(thresholds_of(preferences), Array.from({ length: 200 }, () => ({})), 300).more, 192);
  assert.deepEqual(thresholds_of(null), []);
  assert.equal(layout(thresholds_of(preferences), [], 300).x(99), layout(thresholds_of(preferences), [], 300).x(60));
});

test('sorts loads in the order of the rules', () => {
  const page = { known: { miners: [{ slug: 'b' }, { slug: 'a' }], name: (key) => key, of: () => null }, live: { objects: new Map([['miner/new', {}], ['miner/a', {}], ['miner/b', {}]]) } };
  assert.deepEqual(miners_in_order(page).map((one) => one.key), ['b', 'a', 'new']);
});

test('counts down the deciding gate, else the longest', () => {
  const gates = [{ gate: 'sun', remaining_s: 500 }, { gate: 'rest', remaining_s: 20 }, { gate: 'voltage', remaining_s: null }];
  assert.equal(counting_gate({ reason: 'rest', blocked_by: gates }).gate, 'rest');
  assert.equal(counting_gate({ reason: 'voltage', blocked_by: gates }).gate, 'sun');
  assert.equal(counting_gate({}), null);
  assert.equal(override_text({ override: 'on', override_until: '2025-06-21T19:04:00Z' }, -420), 'override on until 12:04');
  assert.equal(override_text({ override: 'off', override_until: null }, 0), 'override off');
  assert.equal(override_text({ override: 'auto' }, 0), '');
});

test('sorts gates by blocking, held, waived and passing', () => {
  const gates = [{ gate: 'a', passes: true }, { gate: 'b', passes: true, have: 1 }, { gate: 'c', passes: true, waived: true }, { gate: 'd', passes: false, hold: true }, { gate: 'e', passes: false }];
  assert.deepEqual(in_order(gates).map((gate) => gate.gate), ['e', 'd', 'c', 'b', 'a']);
  assert.deepEqual(gates.map(stand_of), ['passes', 'passes', 'waived', 'held', 'blocks']);
  assert.equal(plain(margin_of({ have: 53.01, need: 54.5, unit: 'V', bound: 'at least' })), '1.49 V short');
  assert.equal(plain(margin_of({ have: 25, need: 40, unit: '°C', bound: 'at most' }, 'F')), '27.0 °F to spare');
  assert.equal(plain(margin_of({ have: 13000, need: 12000, unit: 'W', bound: 'at most' })), '1,000 W over');
  assert.equal(plain(limit_of({ need: 12000, unit: 'W', bound: 'at most' })), 'at most 12,000 W');
  assert.equal(margin_of({}), '');
});

test('lists decision inputs, including unknown keys', () => {
  const rows = input_rows({ voltage: { used: 53.33, quality: 'good', age_s: 0, sources: { sol_ark: { v: 53.3, age_s: 1 } } }, stage: 'optimal', pv_w: { value: 10, used: 10 }, odd: null }, 'C');
  assert.deepEqual(rows.map((row) => plain(row.value)), ['53.33 V', '53.30 V', 'optimal', '10 W', '–']);
  assert.equal(rows[1].source, 'sol_ark');
  assert.deepEqual(input_rows(null), []);
});

test('links an alarm to its subject', () => {
  const objects = new Map([['miner/m', {}], ['zone/z', {}], ['output/o', {}]]);
  assert.deepEqual(['not_drawing/m', 'zone_trip/z', 'output_stuck_on/o', 'source_failing/sol_ark', 'blind'].map((name) => subject_link(name, objects)),
    ['#/load/m', '#/load/z/fan', '#/outputs', '#/sources', null]);
});

test('builds an override for voltd', () => {
  const local = '2025-06-21T23:00:00';
  assert.deepEqual(body_of({ what: 'auto' }, local, 0), { override: 'auto' });
  assert.deepEqual(body_of({ what: 'on', end: '60' }, local, 0), { override: 'on', minutes: 60 });
  assert.deepEqual(body_of({ what: 'on', end: 'midnight' }, local, 0), { override: 'on', minutes: 60 });
  assert.deepEqual(body_of({ what: 'off', end: 'open' }, local, 0), { override: 'off', minutes: null });
  assert.deepEqual(body_of({ what: 'level', end: '15', level: '7' }, local, 10), { override: 7, minutes: 15 });
  [{ what: 'on', end: 'open' }, { what: 'on', end: 'own', minutes: '0' }, { what: 'on', end: 'own', minutes: '1441' }, { what: 'on', end: 'own', minutes: '1e3' },
    { what: 'level', end: '15', level: '11' }, { what: 'level', end: '15', level: '' }].forEach((state) => assert.equal(body_of(state, local, 10), null));
});

test('describes a dry run in words', () => {
  const page = { live: { objects: new Map([['miner/m', { state: 'off' }]]) }, known: { of: () => null, name: (load) => load } };
  const says = (what, body) => would_text(page, { what }, { status: 200, body }, 'm');
  assert.equal(says('on', { would: [{ output: 'o', order: 'on' }] }), words.override.would_now('o on'));
  assert.equal(says('on', { would: [{ output: 'o', order: 'on', load: 'm', text: 'Runs' }] }), words.override.would_now('m on (Runs)'));
  assert.equal(says('on', { would: [], explain: { text: 'It must rest' } }), 'Would not start: It must rest.');
  const held = (...gates) => plain(says('on', { would: [], explain: { text: 'It must rest', gates } }));
  assert.equal(held({ passes: false, remaining_s: 2 }, { passes: false, remaining_s: 70 }, { passes: false, waived: true }), 'Would start in 1 min 10 s: It must rest.');
  assert.equal(held({ passes: false, remaining_s: 2 }, { passes: false, remaining_s: null }), 'Would not start: It must rest.');
  assert.equal(says('off', { would: [] }), words.override.would_nothing_off);
  const of_fan = { live: { objects: new Map() }, known: { of: () => ({ wanted: '10' }), name: (load) => load } };
  const running = { status: 200, body: { would: [], explain: { text: 'Manually on, 60 min left' } } };
  assert.equal(would_text(of_fan, { what: 'on' }, running, 'z/fan'), words.override.would_nothing_on);
  assert.equal(would_text(page, { what: 'on' }, { status: 409, body: { error: 'no fan' } }, 'm'), 'no fan');
  assert.match(would_text(page, { what: 'on' }, { status: 0, body: null }, 'm'), /No answer/);
});

test('reads typed codes and explains rejected ones', () => {
  assert.equal(clean_code(' k7qx-4m2p '), 'K7QX4M2P');
  assert.equal(take_code({ location: { hash: '#K7QX4M2P' } }), 'K7QX4M2P');
  ['#/history', '#settings', '', '#K7QX4M2', '#K7QX4M2P9', '#K0QX4M2P', '#<script>'].forEach((hash) => assert.equal(take_code({ location: { hash } }), null, hash));
  assert.match(wrong_text({ status: 401 }), /wrong/);
  assert.match(wrong_text({ status: 429, retry: 30 }), /30/);
  assert.equal(device_name('Mozilla/5.0 (iPhone; CPU iPhone OS 12_2) Safari/604.1'), 'iPhone Safari');
  assert.equal(device_name(''), 'Browser');
});

test('keeps drafts despite garbage in the storage', () => {
  const store = memory(() => ({ getItem: (key) => (key === 'draft/a' ? '{garbage' : null), setItem() {}, removeItem() {} }));
  const kept = drafts(store);
  assert.equal(kept.load('a'), null);
  kept.save('b', { x: 1 });
  assert.deepEqual(kept.load('b'), { x: 1 });
  assert.deepEqual(kept.keys(), ['b']);
  kept.drop('b');
  assert.equal(kept.load('b'), null);
});
