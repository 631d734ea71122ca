// Minimal document for dom.js.

class FakeNode {
  constructor(tag, space) {
    this.tag = tag;
    this.space = space || null;
    this.children = [];
    this.attributes = new Map();
    this.listeners = {};
    this.parentNode = null;
    this.own_text = '';
    this.hidden = false;
    this.moves = 0;
  }
  get firstChild() {
    return this.children[0] || null;
  }
  get nextSibling() {
    const all = this.parentNode ? this.parentNode.children : [];
    return all[all.indexOf(this) + 1] || null;
  }
  get textContent() {
    return this.own_text + this.children.map((one) => one.textContent).join('');
  }
  set textContent(value) {
    this.children = [];
    this.own_text = value;
    this.writes = (this.writes || 0) + 1;
  }
  appendChild(node) {
    return this.insertBefore(node, null);
  }
  insertBefore(node, before) {
    if (node.parentNode) node.parentNode.removeChild(node);
    this.children.splice(before ? this.children.indexOf(before) : this.children.length, 0, node);
    node.parentNode = this;
    node.moves += 1;
    return node;
  }
  replaceChild(node, old) {
    this.insertBefore(node, old);
    return this.removeChild(old);
  }
  removeChild(node) {
    this.children.splice(this.children.indexOf(node), 1);
    node.parentNode = null;
    return node;
  }
  addEventListener(event, act) {
    this.listeners[event] = act;
  }
  focus() {}
  hasAttribute(name) {
    return this.attributes.has(name);
  }
  getAttribute(name) {
    return this.attributes.has(name) ? this.attributes.get(name) : null;
  }
  setAttribute(name, value) {
    this.attributes.set(name, value);
  }
  removeAttribute(name) {
    this.attributes.delete(name);
  }
}

export function install_document() {
  globalThis.document = {
    createElement: (tag) => new FakeNode(tag),
    createElementNS: (space, tag) => new FakeNode(tag, space),
    createTextNode: (string) => {
      const node = new FakeNode('#text');
      node.own_text = string;
      return node;
    },
    documentElement: new FakeNode('html'),
    body: { classList: { add() {}, remove() {} } },
    activeElement: null,
    addEventListener() {},
    removeEventListener() {},
  };
}
