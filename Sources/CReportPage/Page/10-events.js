// All events of the page: searched, filtered, and drawn only where they are seen.

const eventHeight = 30;
/** Browsers stop at some 30 million pixels. */
const columnsOfText = ['actor', 'event', 'endpoint', 'outcome', 'text'];

const events = () => {
  const field = (name, label, attributes) => {
    const input = h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', ...attributes, on: { input: () => later() } });
    fields[name] = input;
    return h('label', { class: 'field' }, h('span', {}, label), input);
  };
  const fields = {};
  const choice = (name, label, options) => {
    const select = h('select', { on: { change: () => apply() } }, options.map(([value, text]) => h('option', { value }, text)));
    fields[name] = select;
    return h('label', { class: 'field' }, h('span', {}, label), select);
  };
  const rows = { list: null, active: -1 };
  const says = h('p', { class: 'quiet', role: 'status' });
  const follows = h('input', { type: 'checkbox', checked: true, on: { change: () => apply() } });
  const form = h('div', { class: 'filters', role: 'search', 'aria-label': 'Filter the events' },
    field('search', 'Search', { type: 'search', class: 'wide' }), field('actor', 'Actor', {}), field('event', 'Event', {}),
    field('endpoint', 'Endpoint', {}), field('plan', 'Plan', { size: 8 }),
    choice('finding', 'Finding', [['', 'any'], ...model.findings.slice(0, 1000).map((finding, index) => [index, `${finding.label} ${kindWords(finding.kind)}`])]),
    choice('why', 'Kind', [['', 'all'], [0, 'evidence and near it'], [1, 'acts'], [2, 'failures']]),
    field('from', 'From (UTC)', { size: 12, placeholder: clock(model.span[0], 0) }), field('to', 'To (UTC)', { size: 12, placeholder: clock(model.span[1], 0) }),
    h('label', { class: 'field check' }, follows, h('span', {}, 'only what is in focus')),
    action({}, () => { for (const input of Object.values(fields)) input.value = ''; apply(); }, 'Clear filters'));

  let timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(apply, 120); };

  /** The strings of the table that hold all words of a pattern; * stands for anything. */
  const matching = pattern => {
    const tests = pattern.toLowerCase().split(/\s+/).filter(Boolean).map(word => {
      const parts = word.split('*');
      return text => {
        let at = 0;
        for (const part of parts) {
          const found = text.indexOf(part, at);
          if (found < 0) return false;
          at = found + part.length;
        }
        return true;
      };
    });
    return tests.map(test => {
      const set = new Uint8Array(lower.length);
      lower.forEach((text, index) => { if (test(text)) set[index] = 1; });
      return set;
    });
  };
  let lower = null;

  /** A time of day or a full one, in UTC. */
  const moment = text => {
    if (!text.trim()) return null;
    const day = iso(model.span[0]).slice(0, 10);
    const full = /^\d{4}-/.test(text.trim()) ? text.trim().replace(' ', 'T') : `${day}T${text.trim()}`;
    const parsed = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(full) ? full : full + 'Z');
    return Number.isNaN(parsed) ? null : parsed;
  };

  const apply = () => {
    lower ??= model.strings.map(text => text.length > 5000 ? text.slice(0, 5000).toLowerCase() : text.toLowerCase());
    const words = matching(fields.search.value);
    const byColumn = ['actor', 'event', 'endpoint'].map(name => [model[name], matching(fields[name].value)]).filter(([, sets]) => sets.length);
    const plan = fields.plan.value.trim();
    const finding = fields.finding.value === '' ? -1 : Number(fields.finding.value);
    const why = fields.why.value === '' ? -1 : Number(fields.why.value);
    const from = moment(fields.from.value) ?? focus.range?.[0] ?? -Infinity;
    const to = moment(fields.to.value) ?? focus.range?.[1] ?? Infinity;
    for (const name of ['from', 'to']) fields[name].setAttribute('aria-invalid', fields[name].value.trim() !== '' && moment(fields[name].value) === null);
    const isBound = from > -Infinity || to < Infinity;
    const isFollowing = follows.checked && focus.kind !== null && focus.kind !== 'event';
    const columns = columnsOfText.map(name => model[name]);
    const found = [];
    for (let event = 0; event < model.count; event += 1) {
      if (why >= 0 && model.why[event] !== why) continue;
      if (isBound && !(model.time[event] >= from && model.time[event] <= to)) continue;
      if (plan && String(model.plan[event]) !== plan) continue;
      if (finding >= 0 && !model.marks(event).some(mark => mark.finding === finding)) continue;
      if (isFollowing && !focus.touches(event)) continue;
      if (!byColumn.every(([column, sets]) => sets.every(set => set[column[event]]))) continue;
      if (!words.every(set => columns.some(column => set[column[event]]))) continue;
      found.push(event);
    }
    rows.list = Uint32Array.from(found);
    rows.active = focus.kind === 'event' ? rows.list.indexOf(focus.index) : -1;
    says.replaceChildren(`${grouped(found.length)} of ${counted(model.count, 'event')} in this page; the logs hold ${grouped(model.total)}.`);
    body.style.height = Math.max(1, found.length) * eventHeight + 'px';
    grid.setAttribute('aria-rowcount', found.length + 1);
    none.hidden = found.length > 0;
    if (rows.active >= 0) reveal(); else if (frame.scrollTop > found.length * eventHeight) frame.scrollTop = 0;
    paint(true);
  };

  const head = h('div', { class: 'event-row event-head', role: 'row', 'aria-rowindex': 1 }, ['time (UTC)', 'actor', 'event', 'endpoint', 'plan', 'what', 'finding', 'record']
    .map(name => h('span', { role: 'columnheader' }, name)));
  const body = h('div', { class: 'event-body', role: 'rowgroup' });
  const frame = h('div', { class: 'event-frame', tabindex: 0, role: 'group', 'aria-label': 'Events; arrow keys move, Enter sets the focus' });
  const grid = h('div', { class: 'event-grid', role: 'table', 'aria-label': 'Events' }, h('div', { role: 'rowgroup' }, head), body);
  const none = h('p', { class: 'none', hidden: true }, 'No event of this page matches. ', 'The filters and the focus above narrow what is shown.');
  frame.append(grid, none);

  const cell = (...content) => h('span', { role: 'cell' }, content);
  const row = at => {
    const event = rows.list[at];
    const found = [...new Set(model.marks(event).map(mark => mark.finding))];
    const node = h('div', { class: 'event-row' + (at === rows.active ? ' active' : '') + (focus.is('event', event) ? ' chosen' : '') + (model.why[event] === 2 ? ' failed' : ''),
      role: 'row', 'aria-rowindex': at + 2, 'data-event': event, on: { click: click => { if (click.target.closest('button') === null) choose(at); } } },
      cell(time(model.when(event))), cell(shown(model.string(model.actor[event]), 60)), cell(shown(model.string(model.event[event]), 60)),
      cell(shown(model.string(model.endpoint[event]), 80)), cell(model.plan[event] === null ? '' : shown(String(model.plan[event]), 40)),
      cell(shown(model.string(model.text[event]), 200)), cell(found.slice(0, 4).map(index => [findingLink(index), ' '])), cell(shown(model.place(event), 80)));
    node.style.top = at * eventHeight + 'px';
    return node;
  };

  let first = -1, last = -1;
  const paint = isForced => {
    if (!rows.list) return;
    const from = Math.max(0, Math.floor(frame.scrollTop / eventHeight) - 8);
    const to = Math.min(rows.list.length, from + Math.ceil(frame.clientHeight / eventHeight) + 16);
    if (!isForced && from === first && to === last) return;
    [first, last] = [from, to];
    body.replaceChildren(...Array.from({ length: Math.max(0, to - from) }, (_, at) => row(from + at)));
  };
  const reveal = () => {
    const top = rows.active * eventHeight;
    if (top < frame.scrollTop || top > frame.scrollTop + frame.clientHeight - 3 * eventHeight) {
      frame.scrollTop = Math.max(0, top - frame.clientHeight / 2);
    }
  };
  const choose = at => {
    rows.active = at;
    focus.set('event', rows.list[at]);
  };
  frame.addEventListener('scroll', () => paint(false), { passive: true });
  frame.addEventListener('keydown', event => {
    const page = Math.floor(frame.clientHeight / eventHeight) - 2;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === 'Enter' && rows.active >= 0 && event.target === frame) choose(rows.active);
    else if (step !== undefined && rows.list.length) {
      rows.active = Math.max(0, Math.min(rows.list.length - 1, rows.active + step));
      reveal();
      paint(true);
    } else return;
    event.preventDefault();
  });
  focus.follow(apply);
  new ResizeObserver(() => paint(true)).observe(frame);
  return section('events', 'Events', form, says, frame,
    model.omitted.length ? h('details', {}, h('summary', {}, `Not in this page: ${counted(model.total - model.count, 'event')} of ${grouped(model.total)}`),
      h('ul', {}, model.omitted.map(([reason, count]) => h('li', {}, `${counted(count, 'event')}: ${shown(reason, 200)}`))),
      h('p', {}, 'All of them: ', h('code', {}, shown(model.command, 400)))) : null);
};
