// The incident at a glance: a bar for each finding on one axis of time, what people did as marks, what led to what as arcs.

const rowHeight = 26;

const overview = () => {
  const serious = model.findings.map((_, index) => index).filter(index => model.findings[index].severity !== 'info');
  const most = 80;
  const rows = serious.slice(0, most).sort((a, b) => model.findings[a].at - model.findings[b].at || a - b);
  const rowOf = new Map(rows.map((finding, row) => [finding, row]));
  const acts = [];
  for (let event = 0; event < model.count; event += 1) {
    if (model.why[event] === 1 || model.ends.some(end => end[1] === event)) {
      if (model.when(event) !== null) acts.push(event);
    }
  }
  const shownActs = acts.slice(0, 60);

  const axis = h('div', { class: 'lane-axis' });
  const actLane = h('div', { class: 'acts' });
  const list = h('ol', { class: 'rows', 'aria-label': 'Findings by their beginning' });
  const overlay = g('svg', { class: 'overlay', 'aria-hidden': 'true' });
  const lanes = h('div', { class: 'lanes' }, axis, actLane, list, overlay);
  const bars = rows.map(index => {
    const finding = model.findings[index];
    const lane = g('svg', { class: 'lane', 'aria-hidden': 'true', height: rowHeight });
    const what = h('span', { class: 'visually-hidden' }, `${finding.severity}, from ${clock(finding.at)}Z, ` +
      (finding.lasts ? 'to the end of the logs' : finding.until === null ? 'a moment' : `for ${lasted(finding.until - finding.at)}`));
    const row = action({ class: 'row ' + finding.severity }, () => focus.set('finding', index),
      h('span', { class: 'row-name' }, h('b', {}, finding.label), ' ', kindWords(finding.kind), ' ',
        h('span', { class: 'quiet' }, shown(finding.subject, 80), finding.more ? ` and ${finding.more} more` : '')), what, lane);
    list.append(h('li', {}, row));
    return { index, finding, lane, row };
  });
  const actButtons = shownActs.map(event => action({ class: 'act' }, () => focus.set('event', event),
    h('span', { class: 'visually-hidden' }, `${clock(model.time[event], 0)}Z ${shown(model.string(model.actor[event]), 60)} ` +
      `${shown(model.string(model.event[event]), 60)} ${shown(model.string(model.text[event]), 120)}`)));
  actLane.append(h('span', { class: 'row-name quiet' }, `Interventions (${grouped(acts.length)})`), ...actButtons);

  // A span is chosen by dragging along the axis.
  let moment = () => 0, dragged = null;
  axis.addEventListener('pointerdown', event => {
    dragged = event.offsetX;
    axis.setPointerCapture(event.pointerId);
  });
  axis.addEventListener('pointerup', event => {
    if (dragged !== null && Math.abs(event.offsetX - dragged) > 4) {
      focus.look([moment(Math.min(dragged, event.offsetX)), moment(Math.max(dragged, event.offsetX))]);
    }
    dragged = null;
  });

  const draw = drawn(lanes, width => {
    const [from, to] = focus.range ?? model.span;
    const label = width < 720 ? 0 : Math.min(330, width * 0.3);
    lanes.classList.toggle('narrow', label === 0);
    lanes.style.setProperty('--label', label + 'px');
    const inner = width - label - 16;
    const x = ms => 4 + (ms - from) / ((to - from) || 1) * inner;
    moment = place => Math.round(from + Math.max(0, Math.min(1, (place - 4) / inner)) * (to - from));
    const clamp = value => Math.max(-3, Math.min(inner + 12, value));

    axis.replaceChildren(g('svg', { width: inner + 12, height: 20, 'aria-hidden': 'true' },
      ticks(from, to, Math.max(2, Math.floor(inner / 80))).map(tick =>
        g('text', { x: x(tick.at), y: 14, 'text-anchor': 'middle' }, tick.text))));

    const related = focus.findings();
    for (const { index, finding, lane, row } of bars) {
      const end = finding.lasts ? model.span[1] : Math.max(finding.until ?? finding.at, finding.at);
      const [a, b] = [clamp(x(finding.at)), clamp(x(end))];
      const isSeen = end >= from && finding.at <= to;
      lane.setAttribute('width', inner + 12);
      lane.replaceChildren();
      if (isSeen && finding.began && finding.began[1] > finding.began[0]) {
        const [c, d] = finding.began.map(ms => clamp(x(ms)));
        lane.append(g('rect', { class: 'began', x: c, width: Math.max(1, d - c), y: 3, height: rowHeight - 6 }));
      }
      if (isSeen) {
        lane.append(g('rect', { class: 'bar', 'data-finding': index, 'data-from': finding.at, 'data-to': end,
          x: a, width: Math.max(3, b - a), y: 6, height: rowHeight - 12, rx: 2 }));
        if (finding.severity === 'critical') lane.append(g('path', { class: 'pin', d: `M${a} 1l5 6l-5 6l-5 -6z` }));
        if (finding.lasts) lane.append(g('path', { class: 'onward', d: `M${b - 2} 4l7 ${rowHeight / 2 - 4}l-7 ${rowHeight / 2 - 4}` }));
      }
      const isFocus = focus.is('finding', index);
      row.setAttribute('aria-pressed', isFocus);
      row.classList.toggle('related', related.has(index));
      row.classList.toggle('aside', related.size > 0 && !related.has(index) && !isLinked(index));
    }
    for (const [at, button] of actButtons.entries()) {
      const event = shownActs[at];
      button.style.left = `${label + clamp(x(model.time[event])) - 12}px`;
      button.hidden = model.time[event] < from || model.time[event] > to;
      button.classList.toggle('chosen', focus.is('event', event));
    }
    overlayLines(x, label, inner, from, to);
  });

  const isLinked = index => focus.kind === 'finding' && model.edges.some(edge =>
    (edge[0] === focus.index && edge[1] === index) || (edge[1] === focus.index && edge[0] === index));

  /** The interventions' hairlines, the cascade's arcs and the moment in focus, over all lanes. */
  const overlayLines = (x, label, inner, from, to) => {
    const box = lanes.getBoundingClientRect();
    overlay.setAttribute('width', box.width);
    overlay.setAttribute('height', box.height);
    overlay.replaceChildren();
    const middle = bars.map(({ lane }) => {
      const lane_ = lane.getBoundingClientRect();
      return lane_.top - box.top + lane_.height / 2;
    });
    const left = lanes.classList.contains('narrow') ? 0 : label;
    const top = actLane.getBoundingClientRect().bottom - box.top;
    for (const event of shownActs) {
      const at = model.time[event];
      if (at < from || at > to) continue;
      overlay.append(g('line', { class: focus.is('event', event) ? 'act-line chosen' : 'act-line',
        x1: left + x(at), x2: left + x(at), y1: top, y2: box.height }));
    }
    const seen = new Set();
    for (const [cause, effect, role] of model.edges) {
      const [a, b] = [rowOf.get(cause), rowOf.get(effect)];
      if (a === undefined || b === undefined || cause === effect || seen.has(`${cause} ${effect}`)) continue;
      seen.add(`${cause} ${effect}`);
      // Where they meet: at the effect's onset, or at the cause's where the effect was there before.
      const start = Math.max(model.findings[effect].at, model.findings[cause].at);
      if (start < from || start > to) continue;
      const isNear = focus.kind === 'finding' && (focus.index === cause || focus.index === effect);
      const end = model.findings[cause].until ?? (model.findings[cause].lasts ? to : model.findings[cause].at);
      const x1 = left + Math.max(2, x(Math.max(from, Math.min(end, start)))), x2 = left + Math.max(2, x(start));
      const bend = Math.min(46, 8 + Math.abs(middle[b] - middle[a]) / 7);
      overlay.append(g('path', {
        class: `edge ${role ? 'prolonged' : 'caused'}${isNear ? ' near' : ''}`, 'data-cause': cause, 'data-effect': effect,
        d: `M${x1} ${middle[a]}C${x1 - bend} ${middle[a]} ${x2 - bend} ${middle[b]} ${x2} ${middle[b]}`,
      }));
    }
    const chosen = focus.moment();
    if (chosen !== null && chosen >= from && chosen <= to) {
      overlay.append(g('line', { class: 'cursor', x1: left + x(chosen), x2: left + x(chosen), y1: 18, y2: box.height }));
    }
  };
  focus.follow(draw);

  const whole = action({}, () => focus.look(null), 'Whole span');
  const near = action({}, () => {
    const middle = focus.moment() ?? model.findings[0]?.at ?? model.span[0];
    const [from, to] = focus.range ?? model.span;
    const half = Math.max(10 * second, (to - from) / 8);
    focus.look([Math.max(model.span[0], middle - half), Math.min(model.span[1], middle + half)]);
  }, 'Look closer');
  const says = h('span', { class: 'quiet' });
  focus.follow(() => {
    whole.disabled = !focus.range;
    says.replaceChildren(...focus.range ? [time(focus.range[0]), ' to ', time(focus.range[1])] : []);
  });
  const notes = [];
  if (serious.length > rows.length) notes.push(`The ${rows.length} most severe of ${grouped(serious.length)} findings are drawn; the list below has all.`);
  if (acts.length > shownActs.length) notes.push(`The first ${shownActs.length} of ${grouped(acts.length)} interventions are drawn; the events below hold the others.`);
  if (model.unaffected.length) notes.push('Not affected: ' + model.unaffected.map(name => shown(name, 60)).join(', ') + '.');
  return section('glance', 'The incident at a glance',
    h('div', { class: 'tools' }, near, whole, says, h('span', { class: 'quiet hint' }, 'Drag along the times to choose a span.')), lanes,
    h('p', { class: 'key' }, h('span', { class: 'key-critical' }, 'critical'), h('span', { class: 'key-high' }, 'high'),
      h('span', { class: 'key-medium' }, 'medium'), h('span', { class: 'key-began' }, 'may have begun'),
      h('span', { class: 'key-act' }, 'intervention'), h('span', { class: 'key-edge' }, 'led to'),
      h('span', { class: 'key-prolonged' }, 'prolonged')),
    notes.map(note => h('p', { class: 'quiet' }, note)));
};

const kindWords = kind => kind.replaceAll('-', ' ');
