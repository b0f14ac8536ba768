// Curves: each endpoint's active generation, each backlog, each service's failures.

/** The order of two generations, which may be too large for numbers and then are texts. */
const byAge = (a, b) => {
  const [older, newer] = [BigInt(a), BigInt(b)];
  return older < newer ? -1 : older > newer ? 1 : 0;
};

/** The active generation of an endpoint over time, by whom. */
class Generations {
  constructor(data) {
    this.data = data;
    this.isWhole = false;
    this.isSpread = true;
    this.writers = [...new Set(data.actor)];
  }

  view() {
    const { data } = this;
    this.box = h('div', { class: 'chart' });
    this.says = h('p', { class: 'reading quiet', 'aria-live': 'polite' }, 'Choose a write to see it.');
    this.redraw = drawn(this.box, width => this.draw(width));
    focus.follow(() => this.redraw());
    const toggle = (on, off, key) => {
      const button = action({ 'aria-pressed': this[key] }, () => {
        this[key] = !this[key];
        button.setAttribute('aria-pressed', this[key]);
        button.textContent = this[key] ? on : off;
        this.redraw();
      }, this[key] ? on : off);
      return button;
    };
    return h('figure', { class: 'card' }, h('figcaption', {}, h('h3', {}, nameLink('endpoint', data.endpoint, 120)),
      h('p', { class: 'quiet' }, `${counted(data.ms.length, 'write')} by ${counted(this.writers.length, 'actor')}` +
        (data.omitted ? `; ${grouped(data.omitted)} far from any finding are left out` : ''))),
      h('div', { class: 'tools' }, toggle('Whole span', 'Around the findings', 'isWhole'), toggle('Writes spread out', 'True to time', 'isSpread')), this.box,
      h('p', { class: 'key' }, this.writers.slice(0, 8).map((writer, at) => h('span', { class: 'key-role' },
        g('svg', { width: 14, height: 14, 'aria-hidden': 'true' }, this.mark(at, 7, 7)), shown(model.string(writer), 40))),
        h('span', { class: 'key-older' }, 'older than the one before'), h('span', { class: 'key-gone' }, 'no addresses')), this.says);
  }

  mark(writer, x, y) {
    const className = 'writer-' + (writer % 6);
    switch (writer % 4) {
      case 0: return g('circle', { class: className, cx: x, cy: y, r: 4 });
      case 1: return g('rect', { class: className, x: x - 4, y: y - 4, width: 8, height: 8 });
      case 2: return g('path', { class: className, d: `M${x} ${y - 5}L${x + 5} ${y + 4}H${x - 5}Z` });
      default: return g('path', { class: className, d: `M${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}L${x - 5} ${y}Z` });
    }
  }

  draw(width) {
    const height = 200, { data } = this;
    const left = space.left + 34, inner = width - left - space.right;
    const [from, to] = focus.range ?? (this.isWhole ? model.span : data.near);
    const first = Math.max(0, partition(data.ms, from) - 1);
    const last = Math.min(data.ms.length, partition(data.ms, to + 1));
    const seen = [];
    for (let at = first; at < last; at += 1) seen.push(at);
    const end = at => at + 1 < data.ms.length ? data.ms[at + 1] : model.span[1];
    // With few writes each gets room of its own, so that two of them within seconds can be told apart over hours.
    const moments = [...new Set([from, ...seen.map(at => data.ms[at]), ...data.gone.flatMap(gone => [gone[1], gone[2] ?? to]), to])]
      .filter(ms => ms >= from && ms <= to).sort((a, b) => a - b);
    const share = this.isSpread && moments.length <= 60 ? 0.75 : 0;
    const place = through(moments, moments.map((ms, at) =>
      share * at / Math.max(1, moments.length - 1) + (1 - share) * (ms - from) / ((to - from) || 1)));
    const x = ms => left + place(ms) * inner;
    const ranks = [...new Set(seen.map(at => data.plan[at]))].sort(byAge);
    const rankOf = new Map(ranks.map((plan, rank) => [plan, rank]));
    const y = plan => height - space.bottom - 14 - (ranks.length < 2 ? 0.5 : rankOf.get(plan) / (ranks.length - 1)) * (height - space.top - space.bottom - 28);
    const picture = g('svg', { width, height, role: 'group', 'aria-label': 'Active generation over time' });
    let free = -Infinity;
    for (const tick of ticks(from, to, 400 / (share ? 1 : 4) * inner / 900)) {
      if (x(tick.at) < free) continue;
      free = x(tick.at) + 78;
      picture.append(g('g', { class: 'axis' }, g('line', { x1: x(tick.at), x2: x(tick.at), y1: space.top, y2: height - space.bottom }),
        g('text', { x: x(tick.at), y: height - 6, 'text-anchor': 'middle' }, tick.text)));
    }
    for (const plan of ranks.filter((_, at) => at % Math.ceil(ranks.length / 8) === 0)) {
      picture.append(g('text', { class: 'tick', x: left - 8, y: y(plan) + 4, 'text-anchor': 'end' }, shown(String(plan), 12)));
    }
    for (const [finding, start, until] of data.gone) {
      const [a, b] = [Math.max(from, start), Math.min(to, until ?? model.span[1])];
      if (b >= a) picture.append(g('rect', { class: 'gone', 'data-finding': finding, x: x(a), width: Math.max(2, x(b) - x(a)), y: space.top, height: height - space.top - space.bottom }));
    }
    const isOlder = at => at > 0 && byAge(data.plan[at], data.plan[at - 1]) < 0;
    seen.forEach(at => {
      const empty = data.gone.find(gone => gone[1] >= data.ms[at] && gone[1] <= end(at));
      const [a, b] = [Math.max(data.ms[at], from), Math.min(empty ? empty[1] : end(at), to)];
      const level = y(data.plan[at]);
      picture.append(g('line', { class: isOlder(at) ? 'active older' : 'active', x1: x(a), x2: Math.max(x(a) + 1, x(b)), y1: level, y2: level }));
      const before = at > first && !data.gone.some(gone => gone[1] >= data.ms[at - 1] && gone[1] <= data.ms[at]);
      if (before) picture.append(g('line', { class: isOlder(at) ? 'active older' : 'active', x1: x(a), x2: x(a), y1: y(data.plan[at - 1]), y2: level }));
    });
    for (const at of seen.filter(at => data.ms[at] >= from && data.ms[at] <= to)) {
      const event = data.event[at];
      const isFocus = event >= 0 && focus.is('event', event) || focus.is('actor', data.actor[at]);
      const words = `${clock(data.ms[at])}Z ${shown(model.string(data.actor[at]), 60)} writes ${shown(String(data.plan[at]), 40)}${isOlder(at) ? `, older than ${shown(String(data.plan[at - 1]), 40)}` : ''}`;
      picture.append(g('g', { class: 'step' + (isFocus ? ' chosen' : ''), 'data-event': event, on: {
        click: () => { if (event >= 0) focus.set('event', event); }, pointerenter: () => this.says.replaceChildren(words) } },
        g('title', {}, words), this.mark(this.writers.indexOf(data.actor[at]), x(data.ms[at]), y(data.plan[at]))));
    }
    const moment = focus.moment();
    if (moment !== null && moment >= from && moment <= to) picture.append(cursorLine(x(moment), height));
    this.box.replaceChildren(picture);
  }
}

const endpoints = () => model.generations.length && section('endpoints', 'Endpoints: the active generation',
  h('div', { class: 'cards' }, model.generations.map(data => new Generations(data).view())));

const backlogs = () => model.queues.length && section('backlogs', 'Backlogs',
  h('p', { class: 'key' }, h('span', { class: 'key-window' }, 'behind'), h('span', { class: 'key-onset' }, 'may have begun'), h('span', { class: 'key-collapse' }, 'congestive collapse')),
  h('div', { class: 'cards' }, model.queues.map(queue => {
    const finding = model.findings[queue.finding];
    const marks = [{ at: finding.at, to: finding.until ?? undefined, className: 'window' }];
    if (finding.began) marks.push({ at: finding.began[0], to: finding.began[1], className: 'onset' });
    const collapses = model.findings.map((_, index) => index)
      .filter(index => model.findings[index].kind === 'congestive-collapse' && model.findings[index].subject === finding.subject);
    for (const index of collapses) marks.push({ at: model.findings[index].at, to: model.findings[index].until ?? undefined, className: 'collapse' });
    const same = { from: queue.from, width: queue.width, marks };
    const has = values => values.some(value => value !== null);
    const peak = Math.max(...queue.depth.map(value => value ?? 0));
    return card([queue.finding, ...collapses], queue.name, [
      has(queue.depth) && [h('h4', {}, 'Depth'), chart({ ...same, title: 'Items waiting over time', series: [{ name: 'waiting', className: 'depth', values: queue.depth, unit: '' }] })],
      has(queue.age) && [h('h4', {}, 'Age of the oldest'), chart({ ...same, height: 110, title: 'Age of the oldest item over time', series: [{ name: 'oldest', className: 'age', values: queue.age, unit: ' s' }] })],
      (has(queue.arrived) || has(queue.completed)) && [h('h4', {}, 'Arrivals and completions'), chart({ ...same, height: 120, title: 'Arrivals, completions and failures a second', series: [
        { name: 'arrived', className: 'arrived', values: queue.arrived, unit: '/s', isLine: true },
        { name: 'completed', className: 'completed', values: queue.completed, unit: '/s', isLine: true },
        ...queue.failed.some(value => value > 0) ? [{ name: 'failed', className: 'failed-rate', values: queue.failed, unit: '/s', isLine: true }] : []] })],
    ], has(queue.depth) ? `Peak ${measured(peak)} waiting.` : '');
  })));

const card = (found, name, charts, note = '') => {
  const figure = h('figure', { class: 'card' }, h('figcaption', {}, h('h3', {}, shown(name, 120)),
    found.length ? found.slice(0, 4).map((index, at) => h('p', { class: 'quiet' }, findingLink(index), ' ', shown(model.findings[index].sentence, 400), '. ', at ? '' : note))
      : h('p', { class: 'quiet' }, 'stayed in its usual range')), charts.filter(Boolean));
  focus.follow(() => {
    const related = focus.findings();
    figure.classList.toggle('related', found.some(index => related.has(index)));
  });
  return figure;
};

/** The part of each bucket's requests. */
const shares = (part, whole) => part.map((value, at) => whole[at] > 0 && value !== null ? value / whole[at] : whole[at] === null ? null : 0);

const services = () => model.services.length && section('services', 'Services and their failures',
  h('p', { class: 'quiet' }, 'The share of requests that failed, by cause; a shaded span is a finding.'),
  h('div', { class: 'cards small' }, model.services.map(service => {
    const errors = shares(service.errors, service.requests), throttles = shares(service.throttles, service.requests);
    const marks = service.findings.map(index => ({ at: model.findings[index].at, to: model.findings[index].until ?? undefined, className: 'window' }));
    const series = [{ name: 'failed', className: 'cause-0', values: errors, unit: '' }];
    if (throttles.some(value => value > 0)) series.push({ name: 'throttled', className: 'cause-1', values: throttles, unit: '', base: bridged(errors) });
    return card(service.findings, service.name, [chart({ from: service.from, width: service.width, height: 110, top: 1, format: percent,
      title: 'Share of requests that failed over time', marks, series,
      also: at => service.requests[at] === null ? '' : ` of ${counted(service.requests[at], 'request')}` })]);
  })),
  model.other_services ? h('p', { class: 'quiet' }, `${counted(model.other_services, 'further service')} ${model.other_services === 1 ? 'is' : 'are'} not drawn.`) : null);
