// What is in focus, at the side: what it is, what it has to do with, and how to get more.

const detail = () => {
  const box = document.getElementById('detail');
  const bar = document.getElementById('focusbar');
  const close = () => action({ class: 'close', 'aria-label': 'Leave the focus' }, () => focus.clear(), '×');
  focus.follow(() => {
    bar.replaceChildren();
    box.hidden = focus.kind !== 'event' && focus.kind !== 'actor' && focus.kind !== 'endpoint';
    if (focus.kind === null) return;
    bar.append(h('span', {}, 'Focus: ', h('b', {}, titleOf())), close());
    if (box.hidden) return;
    box.replaceChildren(h('h2', {}, focus.kind, ' ', close()), ...(focus.kind === 'event' ? ofEvent(focus.index) : ofName()));
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && focus.kind !== null && !event.target.closest('input, select')) focus.clear();
  });

  const titleOf = () => focus.kind === 'finding' ? `${model.findings[focus.index].label} ${kindWords(model.findings[focus.index].kind)}`
    : shown(focus.kind === 'event' ? model.place(focus.index) : model.string(focus.index), 70);

  const ofEvent = event => {
    const marks = model.marks(event);
    const counter = model.counter[event];
    return [
      h('p', { class: 'lead' }, shown(what(event), 600)),
      h('dl', { class: 'facts' }, fact('At', time(model.when(event), 3, true)), fact('For you', model.when(event) === null ? '' : ownZone.format(model.when(event))),
        fact('Actor', nameLink('actor', model.actor[event])), fact('Event', shown(model.string(model.event[event]), 120)),
        fact('Endpoint', nameLink('endpoint', model.endpoint[event], 200)), fact('Plan', model.plan[event] === null ? '' : shown(String(model.plan[event]), 60)),
        fact('Outcome', shown(model.string(model.outcome[event]), 60)),
        fact('Counter', counter === null ? 'inferred' : typeof counter === 'string' ? counter : grouped(counter)), fact('Record', shown(model.place(event), 300)),
        fact('In this page as', reasons[model.why[event]])),
      marks.length ? h('ul', {}, marks.map(mark => h('li', {}, findingLink(mark.finding), ' ', shown(mark.part, 100)))) : null,
      model.lineOf.has(event) ? [h('h3', {}, 'The record'), h('pre', { class: 'line' }, shown(model.lineOf.get(event), 8000))]
        : h('p', { class: 'quiet' }, 'The record\'s own line stands in the log named above.'),
    ].flat();
  };

  const ofName = () => {
    let count = 0, failures = 0, first = Infinity, last = -Infinity;
    const kinds = new Map();
    for (let event = 0; event < model.count; event += 1) {
      if (!focus.touches(event)) continue;
      count += 1;
      failures += model.why[event] === 2 || !['', 'ok'].includes(model.string(model.outcome[event])) ? 1 : 0;
      if (model.time[event] < first) first = model.time[event];
      if (model.time[event] > last) last = model.time[event];
      kinds.set(model.event[event], (kinds.get(model.event[event]) ?? 0) + 1);
    }
    const related = [...focus.findings()].sort((a, b) => a - b);
    return [
      h('p', { class: 'lead' }, shown(model.string(focus.index), 400)),
      h('dl', { class: 'facts' }, fact('Events here', grouped(count)), fact('Failures', grouped(failures)),
        first <= last ? fact('From', time(first, 0, true), ' to ', time(last, 0)) : null),
      h('ul', {}, [...kinds].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 10).map(([name, number]) => h('li', {}, `${shown(model.string(name), 80)} ${grouped(number)}`))),
      related.length ? h('p', {}, 'Evidence of ', related.slice(0, 40).map(index => [findingLink(index), ' '])) : h('p', { class: 'quiet' }, 'Evidence of no finding.'),
    ];
  };
};
