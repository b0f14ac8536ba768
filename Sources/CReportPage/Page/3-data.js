// What the page shows: columns of numbers that point into one table of strings.

/** Reads the page's own data: base64, deflated, JSON. */
const inflate = async () => {
  const tag = document.getElementById('data');
  const text = atob(tag.textContent);
  tag.remove();
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).json();
};

/** The data with what is looked up often. */
class Model {
  constructor(data) {
    const { marks, ...rest } = data;
    Object.assign(this, rest);
    const columns = data.events;
    this.count = columns.ms.length;
    this.time = new Float64Array(this.count);
    let sum = 0;
    for (let at = 0; at < this.count; at += 1) this.time[at] = (sum += columns.ms[at]);
    for (const at of columns.untimed) this.time[at] = NaN;
    for (const name of ['actor', 'event', 'endpoint', 'outcome', 'text', 'file', 'line']) {
      this[name] = Uint32Array.from(columns[name]);
    }
    this.plan = columns.plan;
    this.counter = columns.counter;
    this.why = Uint8Array.from(columns.why);
    /** The marks of each event: which finding, and the part that it plays. */
    this.marksOf = new Map();
    marks.event.forEach((event, at) => {
      const mark = { finding: marks.finding[at], part: this.strings[marks.part[at]], role: marks.role[at] };
      if (this.marksOf.has(event)) this.marksOf.get(event).push(mark); else this.marksOf.set(event, [mark]);
    });
    this.lineOf = new Map(data.lines.event.map((event, at) => [event, data.lines.text[at]]));
    this.diagramOf = new Map(data.diagrams.map(diagram => [diagram.finding, diagram]));
    this.placeOf = null;
  }

  string(index) { return this.strings[index]; }
  when(event) { return Number.isNaN(this.time[event]) ? null : this.time[event]; }
  place(event) { return `${this.files[this.file[event]]}:${this.line[event]}`; }
  marks(event) { return this.marksOf.get(event) ?? []; }

  /** The event at a file and line, or -1. */
  find(place) {
    if (!this.placeOf) {
      this.placeOf = new Map();
      for (let at = 0; at < this.count; at += 1) this.placeOf.set(this.place(at), at);
    }
    return this.placeOf.get(place) ?? -1;
  }

  /** The number of a name that events bear in a column, or -1. */
  named(column, name) {
    const index = this.strings.indexOf(name);
    return index > 0 && this[column].includes(index) ? index : -1;
  }

  evidence(finding) {
    const list = [];
    for (const [event, marks] of this.marksOf) {
      for (const mark of marks) if (mark.finding === finding) list.push({ event, ...mark });
    }
    return list.sort((a, b) => a.event - b.event);
  }
}

/** Why an event is in the page, by its number. */
const reasons = ['evidence of a finding or near it', 'an act', 'a failure', 'inside a finding\'s time', 'room was left'];
