// clients.mjs COMMAND…: runs the official client libraries against volt-agent: every tool, resource, prompt and a completion. The
// libraries validate each answer by its tool's schema.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as EarlierClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as EarlierTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const [command, ...args] = process.argv.slice(2);
const calls = {
  get_status: {}, explain: { load: 'dump-load-s19-1' }, summarize_period: {}, get_history: { series: 'battery.voltage_v' }, list_decisions: {},
  list_events: {}, get_settings: { table: 'miners' }, list_setting_changes: {}, query_history: { sql: 'SELECT * FROM recent_activity LIMIT 3' },
  what_if: { changes: {}, hours: 1 }, search_documents: { query: 'relay stays on' }, read_document: { uri: 'volt://manual/alarms.md' },
  search_memory: { query: 'nights' }, remember: { kind: 'preference', text: 'quiet nights' }, forget: {},
};

function hold(truth, what) {
  if (!truth) throw new Error(what);
}

async function judge(name, client, transport) {
  await client.connect(transport);
  const { tools } = await client.listTools();
  hold(tools.length === Object.keys(calls).length, `${name}: ${tools.length} tools`);
  for (const tool of tools) {
    const answer = await client.callTool({ name: tool.name, arguments: calls[tool.name] });
    if (tool.name === 'remember') calls.forget = { id: answer.structuredContent.id };
    hold(!answer.isError && answer.structuredContent, `${name}: ${tool.name}: ${JSON.stringify(answer).slice(0, 300)}`);
  }
  const wrong = await client.callTool({ name: 'explain', arguments: { load: 'nothing-like-it' } });
  hold(wrong.isError, `${name}: an unknown load is an error that can be mended`);
  for (const resource of (await client.listResources()).resources) {
    hold((await client.readResource({ uri: resource.uri })).contents[0].text, `${name}: ${resource.uri}`);
  }
  hold((await client.listResourceTemplates()).resourceTemplates.length === 4, `${name}: templates`);
  for (const prompt of (await client.listPrompts()).prompts) {
    const given = Object.fromEntries((prompt.arguments || []).map((argument) => [argument.name, 'x']));
    hold((await client.getPrompt({ name: prompt.name, arguments: given })).messages.length, `${name}: ${prompt.name}`);
  }
  const done = await client.complete({ ref: { type: 'ref/prompt', name: 'why_off' }, argument: { name: 'load', value: 'dump' } });
  hold(done.completion.values[0] === 'dump-load-s19-1', `${name}: completion`);
  await client.close();
  console.log(`${name}: ${tools.length} tools, all well`);
}

const about = { name: 'voltd-tests', version: '1.0.0' };
for (const [name, mode] of [['client 2 auto', 'auto'], ['client 2 pinned', { pin: '2026-07-28' }], ['client 2 legacy', 'legacy']]) {
  await judge(name, new Client(about, { versionNegotiation: { mode } }), new StdioClientTransport({ command, args }));
}
await judge('sdk 1', new EarlierClient(about), new EarlierTransport({ command, args }));
