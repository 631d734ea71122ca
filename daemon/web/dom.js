// Creation and update of nodes. Text from the site enters the page only through text nodes and attributes made here.

import { dash, unbroken } from './format.js';
import { words } from './words.js';

const svg_space = 'http://www.w3.org/2000/svg';

function add(node, child) {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) {
    child.forEach((one) => add(node, one));
    return;
  }
  node.appendChild(typeof child === 'object' ? child : document.createTextNode(unbroken(String(child))));
}

/// Returns a node with attributes (`on: {click: f}`, `svg: true`; true and false set or omit one) and children.
export function el(tag, attributes, ...children) {
  const given = attributes || {};
  const node = given.svg ? document.createElementNS(svg_space, tag) : document.createElement(tag);
  Object.keys(given).forEach((name) => {
    if (name === 'svg') return;
    if (name === 'on') Object.keys(given.on).forEach((event) => node.addEventListener(event, given.on[event]));
    else attr(node, name, given[name]);
  });
  children.forEach((child) => add(node, child));
  return node;
}

/// Returns an SVG node.
export const svg = (tag, attributes, ...children) => el(tag, Object.assign({ svg: true }, attributes), ...children);

/// Sets the text of a node if it differs. A dash gets its reason.
export function text(node, string) {
  const wanted = string === null || string === undefined ? '' : unbroken(String(string));
  if (node.textContent === wanted) return node;
  node.textContent = wanted;
  if (wanted === dash) node.title = words.common.no_reading;
  else if (node.title === words.common.no_reading) node.title = '';
  return node;
}

/// Sets an attribute if it differs. null, undefined and false remove it; true sets it without a value.
export function attr(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return node;
  }
  const wanted = value === true ? '' : String(value);
  if (node.getAttribute(name) !== wanted) node.setAttribute(name, wanted);
  return node;
}

/// Shows or hides a node.
export function show(node, visible) {
  if (node.hidden === Boolean(visible)) node.hidden = !visible;
  return node;
}

/// Replaces the children of a node.
export function fill(node, ...children) {
  while (node.firstChild) node.removeChild(node.firstChild);
  children.forEach((child) => add(node, child));
  return node;
}

/// Keeps one node per `key` in a list: `update(items)` adds, removes, moves and updates. `make(item)` returns `{root,
/// update(item)}`.
export function keyed(parent, make) {
  let kept = new Map();
  return (items) => {
    const next = new Map();
    let before = parent.firstChild;
    items.forEach((item) => {
      if (next.has(item.key)) return;
      const part = kept.get(item.key) || make(item);
      if (part.update) part.update(item);
      next.set(item.key, part);
      if (part.root === before) before = before.nextSibling;
      else parent.insertBefore(part.root, before);
    });
    kept.forEach((part, key) => {
      if (!next.has(key)) parent.removeChild(part.root);
    });
    kept = next;
    return next;
  };
}

/// Returns a picture of icons.svg. It is decoration; the word is beside it.
export function icon(name) {
  const base = document.documentElement.getAttribute('data-ui');
  return svg('svg', { class: 'icon', 'aria-hidden': 'true', focusable: 'false' }, svg('use', { href: '/ui/' + base + '/icons.svg#' + name }));
}

/// Stores short strings in the browser, or in memory if the browser refuses.
export function memory(find) {
  const own = new Map();
  const storage = () => {
    try {
      return find();
    } catch (refused) {
      return null;
    }
  };
  const attempt = (act) => {
    try {
      const place = storage();
      return place ? act(place) : null;
    } catch (refused) {
      return null;
    }
  };
  return {
    get(key) {
      if (own.has(key)) return own.get(key);
      return attempt((place) => place.getItem(key));
    },
    set(key, value) {
      own.set(key, value);
      attempt((place) => place.setItem(key, value));
    },
    drop(key) {
      own.delete(key);
      attempt((place) => place.removeItem(key));
    },
    keys() {
      const found = attempt((place) => Object.keys(place)) || [];
      return Array.from(new Set(found.concat(Array.from(own.keys()))));
    },
  };
}
