// Page of volt-agent: ask, past conversations, waiting proposals, and answer statistics. Texts enter the page only as text nodes.

const by_id = (id) => document.getElementById(id);
const store_key = 'volt-agent-key';
const most_shown = 50;
const most_pages = 10;
const most_proposals = 500;
let conversation = '';
let typing = 0;

/// Returns a node with a class and children: texts or nodes.
function el(tag, name, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  children.forEach((child) => node.append(child));
  return node;
}

function trouble(text) {
  by_id('trouble').textContent = text || '';
  by_id('trouble').hidden = !text;
}

function show_key(wanted) {
  by_id('enter').hidden = !wanted;
  by_id('main').hidden = wanted;
  by_id('forget').hidden = wanted;
}

/// Returns the answer as an object. Throws the error. Asks again for a key that is not known.
async function call(method, path, body) {
  const request = { method, headers: { Authorization: `Bearer ${sessionStorage.getItem(store_key)}` }, cache: 'no-store' };
  if (body) {
    request.headers['Content-Type'] = 'application/json';
    request.body = JSON.stringify(body);
  }
  let reply;
  try {
    reply = await fetch(path, request);
  } catch (error) {
    throw new Error('volt-agent is not reached.');
  }
  if (reply.status === 401) {
    sessionStorage.removeItem(store_key);
    show_key(true);
    throw new Error('This key is not known.');
  }
  const answer = reply.status === 204 ? {} : await reply.json();
  if (!reply.ok) throw new Error(answer.error || `volt-agent answers ${reply.status}.`);
  return answer;
}

const local_time = (text) => new Date(text).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
const seconds = (ms) => (ms === null || ms === undefined ? 'none' : `${(ms / 1000).toFixed(1)} s`);

function copy_button(text) {
  const button = el('button', '', 'Copy');
  button.type = 'button';
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch (error) {
      button.textContent = 'Select and copy it by hand';
    }
  });
  return button;
}

const decide_command = 'voltctl proposals';
const command_node = () => el('p', 'row', el('code', '', decide_command), copy_button(decide_command));

/// Shows who proposed what, what would change and switch, and the result. A person decides at a terminal, so it contains no code.
function proposal_node(one) {
  const show = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
  const fields = one.diff.flatMap((row) => Object.entries(row.fields || {}).map(
    ([field, { before, after }]) => `${row.row ? `${row.row}  ` : ''}${field}: ${show(before)} → ${show(after)}`));
  const orders = one.would.map((it) => `Would switch ${it.output} ${it.order}: ${it.text}`);
  const became = [one.state === 'waiting' ? `waits until ${local_time(one.expires_at)}` : one.state, one.decided_by && `by ${one.decided_by}`,
    one.decided_at && local_time(one.decided_at), one.change && `as change ${one.change}`].filter(Boolean).join(', ');
  return el('div', 'said answer', el('strong', '', `${one.tool}: ${became}`), `\n${one.why}\n`,
    el('code', '', [...fields, ...(orders.length ? orders : ['Would switch nothing right now'])].join('\n')),
    el('div', 'muted', `Proposed by ${one.client} for ${one.login} through ${one.transport}, ${local_time(one.since)}`));
}

/// Returns the proposals of an answer. `known`: proposals by their numbers.
function proposed_nodes(numbers, known) {
  const found = numbers.map((number) => known[number]);
  const nodes = found.map((one) => (one ? proposal_node(one) : el('p', 'warn', 'A proposal that is no longer kept.')));
  if (found.some((one) => one && one.state === 'waiting')) nodes.push(command_node());
  return nodes;
}

/// Returns an answer with its sources. `facts`: from POST /ask or the metadata of a message.
function answer_nodes(text, facts, known) {
  const nodes = [el('div', 'said answer', text)];
  const list = (key) => (Array.isArray(facts[key]) ? facts[key] : []);
  if (list('unchecked').length) nodes.push(el('p', 'warn', `Not from the site's data: ${list('unchecked').join(', ')}`));
  list('notes').forEach((note) => nodes.push(el('p', 'warn', note)));
  if (list('sources').length) nodes.push(el('p', 'muted', 'Sources: ', el('code', '', list('sources').join('\n'))));
  const how = [facts.answered_by && `by ${facts.answered_by}`, list('tools').length && `with ${list('tools').join(', ')}`,
    facts.duration_ms && `in ${seconds(facts.duration_ms)}`].filter(Boolean);
  if (how.length) nodes.push(el('p', 'muted', `Answered ${how.join(' ')}`));
  return [...nodes, ...proposed_nodes(list('waiting'), known)];
}

/// Returns the nodes of a message. A tool message is one line: the call, and its duration.
function message_nodes(message, known) {
  if (message.role === 'user') return [el('div', 'said', message.content)];
  if (message.role === 'assistant') {
    return answer_nodes(message.content, Object.assign({ duration_ms: message.duration_ms }, message.metadata), known);
  }
  return [el('p', 'muted', `${message.role}: ${message.content.slice(0, 200)} (${seconds(message.duration_ms)})`)];
}

function use_conversation(id) {
  conversation = id || '';
  by_id('new').disabled = !conversation;
}

/// Returns the newest proposals by number.
async function proposals_by_number() {
  const { proposals } = await call('GET', `proposals?limit=${most_proposals}`);
  return Object.fromEntries(proposals.map((one) => [one.proposal, one]));
}

async function open_conversation(id) {
  const path = `conversations/${encodeURIComponent(id)}`;
  let found = await call('GET', path);
  const { conversation: about, messages } = found;
  for (let pages = 1; found.cut && pages < most_pages; pages += 1) {
    found = await call('GET', `${path}?after=${messages[messages.length - 1].id}`);
    messages.push(...found.messages);
  }
  const proposed = messages.some((one) => one.metadata && one.metadata.waiting && one.metadata.waiting.length);
  const known = proposed ? await proposals_by_number() : {};
  const rest = found.cut ? [el('p', 'warn', `Only the first ${messages.length} messages are shown.`)] : [];
  use_conversation(about.role === 'ask' ? id : '');
  by_id('talk').replaceChildren(...messages.flatMap((one) => message_nodes(one, known)), ...rest);
  by_id('question').focus();
}

async function remove_conversation(one) {
  if (!window.confirm(`Remove “${one.title}”? It does not come back.`)) return;
  await call('DELETE', `conversations/${encodeURIComponent(one.id)}`);
  if (conversation === one.id) start_anew();
  await show_list();
}

/// Runs a step of the page and shows its error.
async function guarded(step) {
  trouble('');
  try {
    await step();
  } catch (error) {
    trouble(error.message);
  }
}

async function show_list() {
  const words = by_id('words').value.trim();
  const found = await call('GET', `conversations?limit=${most_shown}${words ? `&q=${encodeURIComponent(words)}` : ''}`);
  const items = found.conversations.map((one) => {
    const open = el('button', 'plain', one.title || '(no text)', el('div', 'muted', `${local_time(one.updated_at)}, ${one.role}, ${one.messages} messages`));
    open.addEventListener('click', () => guarded(() => open_conversation(one.id)));
    const remove = el('button', '', 'Remove');
    remove.addEventListener('click', () => guarded(() => remove_conversation(one)));
    const item = el('li', 'row', el('div', ''), remove);
    item.firstChild.append(open);
    return item;
  });
  by_id('list').replaceChildren(...(items.length ? items : [el('li', 'muted', words ? 'None has these words.' : 'None yet.')]));
}

async function show_stats() {
  const { ask } = await call('GET', 'system/stats');
  const counts = (object) => Object.entries(object).map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
  const rows = [['Questions', ask.questions], ['Answered by', counts(ask.answered_by)], ['No answer', ask.nothing_found],
    ['With numbers not from the site', ask.with_unchecked], ['Time', `${seconds(ask.median_ms)} median, ${seconds(ask.longest_ms)} longest`],
    ['Tools', counts(ask.tools)], ['Refused calls', ask.refused_calls], ['Errors', ask.errors]];
  by_id('stats').replaceChildren(...rows.flatMap(([name, value]) => [el('dt', 'muted', name), el('dd', '', String(value))]));
}

async function show_proposals() {
  const waiting = Object.values(await proposals_by_number()).filter((one) => one.state === 'waiting');
  const nodes = waiting.map(proposal_node);
  if (waiting.length) nodes.push(command_node());
  by_id('proposals').lastElementChild.replaceChildren(...nodes);
  by_id('proposals').hidden = !waiting.length;
}

async function show_all() {
  await show_list();
  await show_stats();
  await show_proposals();
}

function start_anew() {
  use_conversation('');
  by_id('talk').replaceChildren();
}

async function ask() {
  const message = by_id('question').value.trim();
  if (!message) return;
  const waits = el('p', 'muted', 'Answering …');
  by_id('talk').append(el('div', 'said', message), waits);
  by_id('send').disabled = true;
  try {
    const answer = await call('POST', 'ask', conversation ? { message, conversation } : { message });
    use_conversation(answer.conversation);
    const known = answer.waiting.length ? await proposals_by_number() : {};
    by_id('talk').append(...answer_nodes(answer.response, answer, known));
    by_id('question').value = '';
  } finally {
    waits.remove();
    by_id('send').disabled = false;
  }
  await show_all();
}

function on(id, event, step) {
  by_id(id).addEventListener(event, (it) => {
    it.preventDefault();
    guarded(step);
  });
}

on('ask', 'submit', ask);
on('new', 'click', start_anew);
on('forget', 'click', () => {
  sessionStorage.removeItem(store_key);
  start_anew();
  show_key(true);
});
on('enter', 'submit', async () => {
  sessionStorage.setItem(store_key, by_id('key').value.trim());
  by_id('key').value = '';
  show_key(false);
  await show_all();
});
by_id('words').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => guarded(show_list), 300);
});

use_conversation('');
show_key(!sessionStorage.getItem(store_key));
if (sessionStorage.getItem(store_key)) guarded(show_all);
