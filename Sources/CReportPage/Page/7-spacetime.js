// A space-time diagram: a line for each actor, its events along it, an edge for each direct happened-before.
// The slider moves events from their wall clocks' times to the causal order.

const laneHeight = 44;
const foldWidth = 0.035;

/** Where events stand by their wall clocks, from 0 to 1, with long gaps folded: [{ at, length }]. */
const wallPlaces = times => {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((at, index) => at - sorted[index]);
  const kept = new Set();
  let sum = 0;
  for (const gap of [...gaps].sort((a, b) => a - b)) {
    if (sum > 0 && gap > Math.max(sum, 5 * second)) break;
    kept.add(gap);
    sum += gap;
  }
  const folds = gaps.flatMap((gap, index) => kept.has(gap) ? [] : [{ from: sorted[index], to: sorted[index + 1] }]);
  const scale = (1 - folds.length * foldWidth) / (sum || 1);
  const knots = [{ at: sorted[0], place: 0 }];
  gaps.forEach((gap, index) => knots.push({
    at: sorted[index + 1], place: knots[index].place + (kept.has(gap) ? gap * scale : foldWidth),
  }));
  const last = knots[knots.length - 1].place || 1;
  for (const knot of knots) knot.place /= last;
  return { knots, folds };
};

/** A monotone function through points of equal length, by straight lines. */
const through = (from, to) => value => {
  if (value <= from[0]) return to[0];
  const at = partition(from, value);
  if (at >= from.length) return to[to.length - 1];
  const part = (value - from[at - 1]) / ((from[at] - from[at - 1]) || 1);
  return to[at - 1] + part * (to[at] - to[at - 1]);
};

class SpaceTime {
  constructor(diagram) {
    this.diagram = diagram;
    this.events = diagram.events;
    this.count = this.events.length;
    this.actors = [...new Set(this.events.map(event => model.actor[event]))];
    this.lane = this.events.map(event => this.actors.indexOf(model.actor[event]));
    let last = model.span[0];
    this.times = this.events.map(event => (last = model.when(event) ?? last));
    this.causes = this.events.map(() => []);
    this.effects = this.events.map(() => []);
    diagram.from.forEach((from, at) => {
      this.causes[diagram.to[at]].push(from);
      this.effects[from].push(diagram.to[at]);
    });
    this.before = this.reach();
    this.role = this.events.map(event => model.marks(event).find(mark => mark.finding === diagram.finding)?.role ?? 'other');
    this.chosen = Math.max(0, this.events.indexOf(diagram.pivot));
    this.warp = 0.6;
    this.wall();
  }

  /** For each event the set of those before it, as bits; causes stand ahead of their effects. */
  reach() {
    const before = [];
    for (let at = 0; at < this.count; at += 1) {
      const set = new Uint8Array(this.count);
      for (const cause of this.causes[at]) {
        set[cause] = 1;
        for (let bit = 0; bit < cause; bit += 1) if (before[cause][bit]) set[bit] = 1;
      }
      before.push(set);
    }
    return before;
  }

  isConcurrent(a, b) { return a !== b && !this.before[a][b] && !this.before[b][a]; }

  /** Places by the wall clock, and by causal order: one step further than the latest cause, and at the wall's pace where nothing binds. */
  wall() {
    const { knots, folds } = wallPlaces(this.times);
    this.knots = knots;
    this.folds = folds;
    const toWall = through(knots.map(knot => knot.at), knots.map(knot => knot.place));
    this.toWall = toWall;
    this.wallPlace = this.times.map(toWall);
    const depth = [];
    for (let at = 0; at < this.count; at += 1) {
      depth.push(Math.max(0, ...this.causes[at].map(cause => depth[cause] + 1)));
    }
    // An event that waits for nothing else stands right before what waits for it, not at the beginning.
    const steps = Math.max(1, ...depth);
    const late = depth.map(() => steps);
    for (let at = this.count - 1; at >= 0; at -= 1) {
      if (this.effects[at].length) late[at] = Math.min(...this.effects[at].map(effect => late[effect] - 1));
    }
    this.order = depth.map((early, at) => {
      const wish = Math.round(this.wallPlace[at] * steps);
      return Math.max(early, Math.min(late[at], wish)) / steps;
    });
    // Own order and causes hold in any case.
    for (let at = 0; at < this.count; at += 1) {
      for (const cause of this.causes[at]) this.order[at] = Math.max(this.order[at], this.order[cause] + 1 / steps);
    }
    const far = Math.max(1, ...this.order);
    this.order = this.order.map(place => place / far);
    this.steps = steps;
  }

  /** Only an overwrite's write is stale in itself. */
  named(role) { return role === 'write' && model.findings[this.diagram.finding].kind !== 'stale-plan-overwrite' ? 'write' : roleWords[role]; }

  place(at) { return this.wallPlace[at] + this.warp * (this.order[at] - this.wallPlace[at]); }

  view() {
    const finding = model.findings[this.diagram.finding];
    const names = h('ul', { class: 'st-names', 'aria-label': 'Actors' }, this.actors.map(actor =>
      h('li', {}, nameLink('actor', actor, 28))));
    this.box = h('div', { class: 'st-box' });
    const scroll = h('div', { class: 'st-scroll' }, this.box);
    this.says = h('p', { class: 'st-says', 'aria-live': 'polite' });
    const range = h('input', { type: 'range', min: 0, max: 100, value: this.warp * 100, 'aria-label': 'From wall time to causal order',
      on: { input: event => { this.warp = event.target.value / 100; this.redraw(); } } });
    let isFirst = true;
    this.redraw = drawn(scroll, width => {
      this.draw(width);
      if (isFirst) scroll.scrollLeft = this.x(this.chosen) - width / 2;
      isFirst = false;
    });
    focus.follow(() => {
      if (focus.kind === 'event') {
        const at = this.events.indexOf(focus.index);
        if (at >= 0) this.chosen = at;
      }
      this.redraw();
    });
    this.tell();
    const left = this.diagram.omitted ? ` ${counted(this.diagram.omitted, 'further event')} of the same time and endpoint ${this.diagram.omitted === 1 ? 'is' : 'are'} not drawn.` : '';
    return h('figure', { class: 'spacetime' },
      h('figcaption', {}, h('h4', {}, `Who did what, and who knew: ${finding.label}`),
        h('p', { class: 'quiet' }, `${counted(this.count, 'event')} of ${counted(this.actors.length, 'actor')}; a line leads from each event to those it directly led to.${left}`)),
      h('div', { class: 'tools' }, h('label', { class: 'slider' }, h('span', {}, 'wall time'), range, h('span', {}, 'causal order'))),
      h('div', { class: 'st' }, names, scroll),
      h('p', { class: 'key' }, ['check', 'newer', 'write', 'deletion', 'emptied', 'ending'].filter(role => this.role.includes(role))
        .map(role => h('span', { class: 'key-role' }, g('svg', { width: 16, height: 16, 'aria-hidden': 'true' }, this.mark(role, 8, 8)), this.named(role))),
      h('span', { class: 'key-concurrent' }, 'concurrent with the chosen event'), h('span', { class: 'key-backward' }, 'clock behind its cause')),
      this.says,
      h('p', { class: 'quiet hint' }, 'Keyboard: ← → along the actor, ↑ to a cause, ↓ to an effect, Enter sets the focus.'));
  }

  mark(role, x, y, isFailed = false) {
    const shape = {
      check: `M${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}L${x - 7} ${y}Z`,
      newer: `M${x - 6} ${y - 6}H${x + 6}V${y + 6}H${x - 6}Z`,
      write: `M${x} ${y - 8}L${x + 8} ${y + 6}H${x - 8}Z`,
      deletion: `M${x - 6} ${y - 6}L${x + 6} ${y + 6}M${x + 6} ${y - 6}L${x - 6} ${y + 6}`,
      ending: `M${x - 7} ${y}L${x - 2} ${y + 5}L${x + 7} ${y - 6}`,
    }[role];
    if (shape) return g('path', { class: 'role-' + role, d: shape });
    if (role === 'emptied') return g('circle', { class: 'role-emptied', cx: x, cy: y, r: 6 });
    return g('circle', { class: isFailed ? 'role-failed' : role === 'other' ? 'role-other' : 'role-record', cx: x, cy: y, r: 3.5 });
  }

  draw(width) {
    const top = 34, inset = 18;
    const inner = Math.max(width, this.warp > 0 ? Math.min(6000, this.steps * 11 * this.warp) : 0) - 2 * inset;
    const height = top + this.actors.length * laneHeight + 26;
    const x = at => inset + this.place(at) * inner;
    const y = lane => top + lane * laneHeight + laneHeight / 2;
    this.x = x;
    const picture = g('svg', {
      class: 'st-picture', width: inner + 2 * inset, height, tabindex: 0, role: 'group',
      'aria-label': 'Space-time diagram; arrow keys walk its events', on: { keydown: event => this.key(event) },
    });
    this.actors.forEach((actor, lane) => picture.append(g('line', {
      class: focus.is('actor', actor) ? 'st-line chosen' : 'st-line', x1: 0, x2: inner + 2 * inset, y1: y(lane), y2: y(lane),
    })));
    this.shadeConcurrent(picture, x, y);
    this.drawClock(picture, inner, inset, top, y);
    this.diagram.from.forEach((from, index) => {
      const to = this.diagram.to[index];
      if (this.lane[from] === this.lane[to]) return;
      const isChosen = from === this.chosen || to === this.chosen;
      const isBackward = this.times[to] < this.times[from];
      picture.append(g('line', { class: `st-edge${isChosen ? ' chosen' : ''}${isBackward ? ' backward' : ''}`,
        'data-from': from, 'data-to': to, x1: x(from), y1: y(this.lane[from]), x2: x(to), y2: y(this.lane[to]) }));
    });
    this.events.forEach((event, at) => {
      const isFailed = !['', 'ok'].includes(model.string(model.outcome[event])) || model.why[event] === 2;
      const mark = g('g', { class: `st-event${at === this.chosen ? ' chosen' : ''}`, 'data-event': event,
        on: { click: () => { this.chosen = at; focus.set('event', event); this.tell(); } } },
        g('title', {}, this.words(at)),
        g('circle', { class: 'st-hit', cx: x(at), cy: y(this.lane[at]), r: 9 }),
        this.mark(this.role[at], x(at), y(this.lane[at]), isFailed));
      picture.append(mark);
    });
    this.drawNames(picture, x, y);
    this.box.replaceChildren(picture);
    this.names(top);
  }

  names(top) { this.box.closest('.st').style.setProperty('--top', top + 'px'); }

  /** Stretches of the actors' lines whose events neither led to the chosen one nor follow from it. */
  shadeConcurrent(picture, x, y) {
    for (let lane = 0; lane < this.actors.length; lane += 1) {
      let first = null, last = null;
      for (let at = 0; at < this.count; at += 1) {
        if (this.lane[at] !== lane || !this.isConcurrent(at, this.chosen)) continue;
        first ??= at;
        last = at;
      }
      if (first === null) continue;
      const start = Math.min(x(first), x(last)) - 9;
      picture.append(g('rect', { class: 'st-concurrent', x: start, width: Math.abs(x(last) - x(first)) + 18,
        y: y(lane) - 13, height: 26, rx: 13 }));
    }
  }

  /** The wall clock's ticks: slanted where the order has moved the actors' events apart; folds as marks. */
  drawClock(picture, inner, inset, top, y) {
    const marks = [];
    const kept = this.knots.filter((knot, at) => at > 0).length ? this.stretches() : [];
    for (const [from, to] of kept) {
      const share = this.toWall(to) - this.toWall(from);
      for (const tick of ticks(from, to, Math.max(1, Math.floor(share * inner / 95)))) marks.push(tick);
    }
    const lanes = this.actors.map((_, lane) => {
      const own = this.events.map((_, at) => at).filter(at => this.lane[at] === lane).sort((a, b) => this.times[a] - this.times[b]);
      const times = [this.knots[0].at - 1, ...own.map(at => this.times[at]), this.knots[this.knots.length - 1].at + 1];
      return through(times, [0, ...own.map(at => this.place(at)), 1]);
    });
    for (const mark of marks) {
      const points = lanes.map((lane, at) => `${(inset + this.lanePlace(lane, mark.at) * inner).toFixed(1)},${y(at)}`);
      picture.append(g('polyline', { class: 'st-tick', points: points.join(' ') }),
        g('text', { class: 'st-time', x: Number(points[0].split(',')[0]), y: 14, 'text-anchor': 'middle' }, mark.text));
    }
    for (const fold of this.folds) {
      const at = inset + (this.lanePlace(lanes[0], fold.from) + this.lanePlace(lanes[0], fold.to)) / 2 * inner;
      picture.append(g('text', { class: 'st-fold', x: Math.min(Math.max(at, 40), inner - 10), y: 28, 'text-anchor': 'middle' }, `⫽ ${lasted(fold.to - fold.from)} ⫽`));
    }
  }

  lanePlace(lane, ms) { return this.warp * lane(ms) + (1 - this.warp) * this.toWall(ms); }

  /** The spans between the folds. */
  stretches() {
    const list = [];
    let from = this.knots[0].at;
    for (const fold of this.folds) {
      list.push([from, fold.from]);
      from = fold.to;
    }
    list.push([from, this.knots[this.knots.length - 1].at]);
    return list.filter(([a, b]) => b > a);
  }

  /** The evidence by name, where there is room. */
  drawNames(picture, x, y) {
    const taken = this.actors.map(() => []);
    for (let at = 0; at < this.count; at += 1) {
      if (['other', 'record'].includes(this.role[at])) continue;
      const event = this.events[at];
      const plan = model.plan[event] === null ? '' : ' ' + shown(String(model.plan[event]), 24);
      const text = this.named(this.role[at]) + plan;
      const half = text.length * 3.3 + 4, lane = this.lane[at];
      const isFree = level => taken[lane].every(other => other.level !== level || Math.abs(other.x - x(at)) > other.half + half);
      const level = [0, 1].find(isFree);
      if (level === undefined) continue;
      taken[lane].push({ x: x(at), half, level });
      const place = Math.max(half, Math.min(Number(picture.getAttribute('width')) - half, x(at)));
      picture.append(g('text', { class: 'st-name', x: place, y: y(lane) + (level ? 20 : -12), 'text-anchor': 'middle' }, text));
    }
  }

  words(at) {
    const event = this.events[at];
    const part = model.marks(event).filter(mark => mark.finding === this.diagram.finding).map(mark => mark.part).join(', ');
    return `${clock(this.times[at])}Z ${shown(model.string(model.actor[event]), 60)}: ${shown(what(event), 160)}${part ? ` (${part})` : ''}`;
  }

  tell() {
    const at = this.chosen;
    const concurrent = this.events.filter((_, other) => this.isConcurrent(at, other)).length;
    const led = this.causes[at].filter(cause => this.lane[cause] !== this.lane[at]).length;
    this.says.replaceChildren(this.words(at), h('span', { class: 'quiet' },
      ` · ${counted(led, 'message')} led to it, ${counted(concurrent, 'event')} here ${concurrent === 1 ? 'is' : 'are'} concurrent with it`));
  }

  key(event) {
    const own = this.lane[this.chosen];
    const along = by => {
      for (let at = this.chosen + by; at >= 0 && at < this.count; at += by) if (this.lane[at] === own) return at;
      return this.chosen;
    };
    const other = list => list.find(at => this.lane[at] !== own) ?? list[0] ?? this.chosen;
    const step = { ArrowLeft: () => along(-1), ArrowRight: () => along(1),
      ArrowUp: () => other(this.causes[this.chosen]), ArrowDown: () => other(this.effects[this.chosen]),
      Home: () => 0, End: () => this.count - 1 }[event.key];
    if (event.key === 'Enter') {
      focus.set('event', this.events[this.chosen]);
    } else if (step) {
      this.chosen = step();
      this.redraw();
      this.tell();
      this.box.firstChild.focus();
      this.box.parentNode.scrollLeft = this.x(this.chosen) - this.box.parentNode.clientWidth / 2;
    } else return;
    event.preventDefault();
  }
}

const roleWords = { check: 'its check', newer: 'newer write', write: 'stale write', deletion: 'deletion', emptied: 'no addresses',
  ending: 'ended by', other: 'other', record: 'other record', failure: 'first failure' };

/** What an event did, in a line. */
const what = event => {
  const words = model.string(model.text[event]);
  return words || model.string(model.event[event]);
};
