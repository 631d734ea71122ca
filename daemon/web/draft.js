// Draft of one row of settings: the loaded row with its ETag, and the person's changes. Pure.

/// Returns true if two values of a column are the same.
export function same(a, b) {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b);
}

export class Draft {
  /// `row` as loaded. `kept` is the result of `kept()` before a reload.
  constructor(row, etag, kept) {
    this.base = row;
    this.etag = etag;
    this.edits = {};
    this.conflicts = [];
    if (!kept || !kept.edits) return;
    this.base = kept.base;
    this.etag = kept.etag;
    this.edits = kept.edits;
    this.conflicts = kept.conflicts || [];
    this.rebase(row, etag);
  }

  value(field) {
    return field in this.edits ? this.edits[field] : this.base[field];
  }

  values() {
    return Object.assign({}, this.base, this.edits);
  }

  set(field, value) {
    if (same(value, this.base[field])) delete this.edits[field];
    else this.edits[field] = value;
    this.conflicts = this.conflicts.filter((it) => it.field !== field);
  }

  changed() {
    return Object.keys(this.edits);
  }

  discard() {
    this.edits = {};
    this.conflicts = [];
  }

  /// Rebases the draft on a changed row: keeps edits and updates other fields. If both sides changed a field, `conflicts` has
  /// both values until one is chosen.
  rebase(row, etag) {
    const moved = this.changed().filter((field) => !same(this.base[field], row[field]));
    this.base = row;
    this.etag = etag;
    const standing = this.conflicts.map((it) => it.field);
    const open = moved.concat(standing.filter((field) => moved.indexOf(field) < 0));
    for (const field of this.changed()) if (same(this.edits[field], row[field])) delete this.edits[field];
    this.conflicts = open.filter((field) => field in this.edits)
      .map((field) => ({ field, mine: this.edits[field], theirs: row[field] }));
    return this.conflicts;
  }

  /// Resolves a conflict with one of its two values.
  choose(field, mine) {
    if (!mine) delete this.edits[field];
    this.conflicts = this.conflicts.filter((it) => it.field !== field);
  }

  /// Returns what must survive a reload, or null if nothing.
  kept() {
    return this.changed().length === 0 ? null : { base: this.base, etag: this.etag, edits: this.edits, conflicts: this.conflicts };
  }
}
