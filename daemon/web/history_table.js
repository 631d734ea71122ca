// Rows of History as a sortable table, and as a CSV file made in the browser.

import { el, fill } from './dom.js';
import { number } from './format.js';
import { csv, sorted, table_rows } from './series.js';
import { stamp_of } from './sitetime.js';
import { words } from './words_tools.js';

const decimals = [0, 2, 2, 2, 0, 0, 0, 0];

/// Returns `{root, show(plot, zone)}`.
export function history_table() {
  const said = words.history;
  const body = el('tbody');
  const heads = said.columns.map((name, column) => el('th', { scope: 'col' },
    el('button', { type: 'button', class: 'sort', on: { click: () => sort(column) } }, name)));
  const root = el('div', { class: 'table-window', tabindex: '0', role: 'region', 'aria-label': said.as_table },
    el('table', { class: 'facts numbers' }, el('thead', null, el('tr', null, heads)), body));
  let by = 0;
  let descending = true;
  let shown = { rows: [], zone: null };

  function draw() {
    heads.forEach((head, i) => head.setAttribute('aria-sort', i !== by ? 'none' : descending ? 'descending' : 'ascending'));
    fill(body, sorted(shown.rows, by, descending).map((row) => el('tr', null, row.map((value, i) => (i === 0
      ? el('th', { scope: 'row' }, stamp_of(value, shown.zone.offset(value)))
      : el('td', null, number(value, decimals[i])))))));
  }
  function sort(column) {
    descending = by === column ? !descending : true;
    by = column;
    draw();
  }
  return {
    root,
    show(plot, zone) {
      shown = { rows: table_rows(plot), zone };
      draw();
    },
  };
}

/// Passes the rows to the browser as a file.
export function save_csv(plot, zone, name) {
  const blob = new Blob([csv(words.history.csv_columns, table_rows(plot), zone)], { type: 'text/csv;charset=utf-8' });
  const address = URL.createObjectURL(blob);
  const link = el('a', { href: address, download: name });
  document.body.appendChild(link);
  link.click();
  document.body.removeChild(link);
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
