// Tests of volt-agent's page over a document that is only a tree: its display of proposals.
const assert = require('node:assert');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');
const vm = require('node:vm');

const script = readFileSync(join(__dirname, '../../../../daemon/agent/page/page.js'), 'utf8');

class Node {
  constructor(tag) {
    Object.assign(this, { tag, children: [], value: '', listeners: {} });
  }
  append(...nodes) {
    this.children.push(...nodes);
  }
  replaceChildren(...nodes) {
    this.children = nodes;
  }
  get firstChild() {
    return this.children[0];
  }
  get lastElementChild() {
    this.last = this.last || new Node('div');
    return this.last;
  }
  get text() {
    return (this.textContent || '') + this.children.map((child) => child.text ?? child).join('');
  }
  addEventListener(event, act) {
    this.listeners[event] = act;
  }
  focus() {}
  remove() {}
}

/// Returns the page with these answers, by their paths.
function page_with(answers) {
  const nodes = {};
  const document = {
    createElement: (tag) => new Node(tag),
    getElementById: (id) => (nodes[id] = nodes[id] || new Node(id)),
  };
  const fetch = async (path) => ({ ok: true, status: 200, json: async () => JSON.parse(JSON.stringify(answers[path.split('?')[0]])) });
  const page = vm.createContext({ document, fetch, sessionStorage: { getItem: () => null }, navigator: {}, window: {} });
  vm.runInContext(script, page);
  return { page, nodes };
}

const waiting = {
  proposal: 'a', state: 'waiting', since: '2025-06-21T12:00:00Z', expires_at: '2025-06-21T12:10:00Z', client: 'ask (m)', transport: 'ask', login: 'pi',
  tool: 'change_settings', why: 'sun', diff: [{ row: 'dump-load-s19-1', fields: { start_voltage: { before: 54.5, after: 54.8 } } }],
  would: [{ output: 'dump-load-s19-1', order: 'off', text: 'below its start voltage' }], decided_by: null, decided_at: null, change: null,
};
const applied = { ...waiting, proposal: 'b', state: 'applied', expires_at: undefined, would: [], decided_by: 'jo', decided_at: '2025-06-21T12:05:00Z', change: 7 };

test('shows a waiting proposal with fields, effect and command', async () => {
  const { page, nodes } = page_with({ proposals: { proposals: [waiting, applied] } });
  await page.show_proposals();
  const text = nodes.proposals.lastElementChild.text;
  const until = vm.runInContext(`local_time('${waiting.expires_at}')`, page);
  for (const part of ['change_settings', 'sun', 'dump-load-s19-1  start_voltage: 54.5 → 54.8', 'Would switch dump-load-s19-1 off: below its start voltage',
    'Proposed by ask (m) for pi through ask', `waits until ${until}`, 'voltctl proposals']) assert.ok(text.includes(part), `${part} in ${text}`);
  assert.ok(!text.includes('{'), text);
  assert.ok(!text.includes('applied'), text);
  assert.equal(nodes.proposals.hidden, false);
});

test('shows the proposals of a past conversation', async () => {
  const of = (numbers) => page_with({
    'conversations/x': {
      conversation: { id: 'x', role: 'ask' }, cut: false,
      messages: [{ id: 1, role: 'user', content: 'raise it' }, { id: 2, role: 'assistant', content: 'It waits.', duration_ms: 5, metadata: { waiting: numbers } }],
    },
    proposals: { proposals: [waiting, applied] },
  });
  const shown = async (numbers) => {
    const { page, nodes } = of(numbers);
    await page.open_conversation('x');
    return nodes.talk.text;
  };
  const both = await shown(['a', 'b']);
  assert.match(both, /It waits\..*change_settings: waits until .*change_settings: applied, by jo, .*, as change 7/s);
  assert.ok(both.includes('voltctl proposals'));
  const done = await shown(['b']);
  assert.ok(done.includes('Would switch nothing right now'));
  assert.ok(!done.includes('voltctl proposals'));
  assert.ok((await shown(['c'])).includes('no longer kept'));
  assert.ok(!(await shown([])).includes('proposal'));
});
