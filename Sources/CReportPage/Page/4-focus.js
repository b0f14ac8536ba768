// One focus that every view follows: a finding, an event, an actor or an endpoint; with it the span of time that is looked at.
// Both are kept in the address's fragment, so that a link opens them.

const focus = {
  kind: null,
  index: -1,
  range: null,
  listeners: [],

  follow(listener) { this.listeners.push(listener); },
  is(kind, index) { return this.kind === kind && this.index === index; },

  set(kind, index) {
    if (this.is(kind, index)) return;
    this.write({ kind, index, range: this.range });
  },
  clear() { this.write({ kind: null, index: -1, range: this.range }); },
  look(range) { this.write({ kind: this.kind, index: this.index, range }); },

  write(next) {
    Object.assign(this, next);
    const fragment = new URLSearchParams();
    if (this.kind) fragment.set(this.kind, this.name());
    if (this.range) {
      fragment.set('from', iso(this.range[0]));
      fragment.set('to', iso(this.range[1]));
    }
    const text = fragment.toString();
    history.pushState(null, '', text ? '#' + text : '#');
    this.tell();
  },

  /** The lasting name of what is in focus; a number where the name is too long for an address. */
  name() {
    const name = this.kind === 'finding' ? model.findings[this.index].id
      : this.kind === 'event' ? model.place(this.index) : model.string(this.index);
    return name.length > 300 || name.startsWith('~') ? '~' + this.index : name;
  },

  read() {
    const fragment = new URLSearchParams(location.hash.slice(1));
    this.kind = null;
    this.index = -1;
    for (const kind of ['finding', 'event', 'actor', 'endpoint']) {
      if (!fragment.has(kind)) continue;
      const index = this.find(kind, fragment.get(kind));
      if (index >= 0) [this.kind, this.index] = [kind, index];
      break;
    }
    const [from, to] = ['from', 'to'].map(key => Date.parse(fragment.get(key)));
    this.range = from < to ? [from, to] : location.hash.length < 2 ? model.within : null;
    this.tell();
  },

  find(kind, name) {
    if (/^~\d+$/.test(name)) {
      const most = { finding: model.findings.length, event: model.count }[kind] ?? model.strings.length;
      return Number(name.slice(1)) < most ? Number(name.slice(1)) : -1;
    }
    if (kind === 'finding') return model.findings.findIndex(one => one.id === name || one.label === name.toUpperCase());
    return kind === 'event' ? model.find(name) : model.named(kind, name);
  },

  tell() { for (const listener of this.listeners) listener(); },

  /** The moment that is in focus, or null. */
  moment() {
    if (this.kind === 'event') return model.when(this.index);
    return this.kind === 'finding' ? model.findings[this.index].at : null;
  },

  /** Whether what is in focus has to do with an event. */
  touches(event) {
    switch (this.kind) {
      case 'finding': return model.marks(event).some(mark => mark.finding === this.index);
      case 'event': return event === this.index;
      case 'actor': return model.actor[event] === this.index;
      case 'endpoint': return model.endpoint[event] === this.index;
      default: return false;
    }
  },

  /** The findings that have to do with what is in focus. */
  findings() {
    if (this.kind === 'finding') return new Set([this.index]);
    const found = new Set();
    if (this.kind) {
      for (const [event, marks] of model.marksOf) {
        if (this.touches(event)) for (const mark of marks) found.add(mark.finding);
      }
    }
    return found;
  },
};

/** A name that sets the focus. */
const focusing = (kind, index, text, attributes = {}) =>
  action({ class: 'link', ...attributes }, () => focus.set(kind, index), text);
const findingLink = index => focusing('finding', index, model.findings[index].label);
const eventLink = (event, text = shown(model.place(event), 80)) => focusing('event', event, text);
const nameLink = (kind, index, most = 60) => index ? focusing(kind, index, shown(model.string(index), most)) : null;
