// A draft of one row of settings: what was loaded, with which ETag, and what a person has changed since. Pure.

/// Whether two values of a column are the same.
export function same(a, b) {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b);
}

export class Draft {
  /// `row` as loaded; `kept` is what `kept()` gave before a reload.
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

  /// The row moved: edits stay, fields not edited follow it. Where both sides changed a field, both values stand in
  /// `conflicts` until one is chosen.
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

  /// Ends a conflict by one of its two values.
  choose(field, mine) {
    if (!mine) delete this.edits[field];
    this.conflicts = this.conflicts.filter((it) => it.field !== field);
  }

  /// What survives a reload; null: nothing to keep.
  kept() {
    return this.changed().length === 0 ? null : { base: this.base, etag: this.etag, edits: this.edits, conflicts: this.conflicts };
  }
}
