// Recorded decision: what changed and why, and on request its inputs and gates at that time.

import { el } from './dom.js';
import { duration, quantity, volts, watts } from './format.js';
import { words } from './words_tools.js';

const table = (title, head, rows) => el('table', { class: 'facts' },
  el('caption', null, title),
  el('thead', null, el('tr', null, head.map((name) => el('th', { scope: 'col' }, name)))),
  el('tbody', null, rows.map((cells) => el('tr', null,
    cells.map((cell, i) => (i === 0 ? el('th', { scope: 'row', dir: 'auto' }, cell) : el('td', { dir: 'auto' }, cell)))))));

function input_row(name, value) {
  const label = words.decision.input_names[name] || name;
  if (typeof value !== 'object' || value === null) return [label, String(value === null ? '–' : value), '', ''];
  const used = value.used === undefined ? value.value : value.used;
  const shown = name === 'voltage' ? volts(used) : /_w$/.test(name) ? watts(used) : String(used === null || used === undefined ? '–' : used);
  return [label, shown, duration(value.age_s), value.quality || ''];
}

/// Returns the rows of the inputs: [name, value, age, quality], with each voltage source below the voltage.
export function input_rows(inputs) {
  const rows = [];
  if (typeof inputs !== 'object' || inputs === null) return rows;
  Object.keys(inputs).forEach((name) => {
    const value = inputs[name];
    rows.push(input_row(name, value));
    const sources = name === 'voltage' && value && typeof value.sources === 'object' && value.sources ? value.sources : {};
    Object.keys(sources).forEach((source) => rows.push([source, volts(sources[source].v), duration(sources[source].age_s), '']));
  });
  return rows;
}

function gate_state(gate) {
  const states = words.decision.states;
  if (gate.waived) return states.waived;
  if (gate.hold) return states.hold;
  return gate.passes ? states.passes : states.blocks;
}

const weight = (gate) => (gate.passes || gate.waived ? 1 : 0);

/// Returns the rows of the gates, blocking ones first: [name, have, need, state].
export function gate_rows(gates, temperature) {
  if (!Array.isArray(gates)) return [];
  return gates.slice().sort((a, b) => weight(a) - weight(b)).map((gate) => [
    String(gate.gate).replace(/_/g, ' '), quantity(gate.have, gate.unit, temperature), quantity(gate.need, gate.unit, temperature), gate_state(gate)]);
}

/// Shows the decision under `heading` (time and load). `inputs` and `gates` can be expanded.
export function show_decision(decision, heading, temperature) {
  const said = words.decision;
  const inputs = input_rows(decision.inputs);
  const gates = gate_rows(decision.gates, temperature);
  return el('article', { class: 'decision' },
    el('h3', { dir: 'auto' }, heading),
    el('p', { dir: 'auto' }, decision.text),
    el('p', { class: 'muted' }, said.change(decision.from, decision.to) + ' · ' + String(decision.reason).replace(/_/g, ' ')
      + (decision.shadow ? ' · ' + said.shadow : '')),
    el('details', null, el('summary', null, said.more),
      gates.length ? table(said.gates, [said.gate, said.have, said.need, said.state], gates) : null,
      inputs.length ? table(said.inputs, [said.input, said.value, said.age, said.quality], inputs) : null,
      gates.length + inputs.length === 0 ? el('p', { class: 'muted' }, said.none) : null));
}
