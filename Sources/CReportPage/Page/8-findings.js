// The findings: a list, and one of them in full with what proves it.

/** A document's runs: text, or [kind, text, …]. */
const runs = list => list.map(run => {
  if (typeof run === 'string') return shown(run, 4000);
  const [kind, text, target, index] = run;
  if (kind === 'strong') return h('strong', {}, shown(text, 4000));
  if (kind === 'code') return h('code', {}, shown(text, 4000));
  return focusing(target, index, shown(text, 300));
});

/** A document's blocks as elements; `level` is that of the headings of its parts. */
const blocks = (list, level) => list.map(([kind, ...parts]) => {
  switch (kind) {
    case 'heading': return h('h' + (level + parts[1] - 2), {}, shown(parts[0], 400));
    case 'paragraph': return h('p', {}, runs(parts[0]));
    case 'list': return h(parts[0] ? 'ol' : 'ul', {}, parts[1].map(item => h('li', {}, runs(item))));
    case 'facts': return h('dl', { class: 'story-facts' }, parts[0].map(([term, lines]) => [h('dt', {}, shown(term, 100)), lines.map(line => h('dd', {}, runs(line)))]));
    case 'table': return table(parts[0].map(runs), parts[1].map(row => row.map(runs)));
    default: return h('pre', {}, parts[0].map(line => shown(line, 400) + '\n'));
  }
});

const table = (head, rows) => h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Table' }, h('table', {},
  head.length ? h('thead', {}, h('tr', {}, head.map(cell => h('th', { scope: 'col' }, cell)))) : null,
  h('tbody', {}, rows.map(row => h('tr', {}, row.map(cell => h('td', {}, cell)))))));

const extent = finding => finding.lasts ? 'ongoing at the end of the logs'
  : finding.until !== null && finding.until > finding.at ? lasted(finding.until - finding.at) : '';

const severityMark = severity => h('span', { class: 'severity ' + severity }, severity);

/** Why a finding holds, its diagram, its records. */
const findingPage = index => {
  const finding = model.findings[index];
  const page = [
    h('h3', { id: 'finding-title', tabindex: -1 }, finding.label, ' ', kindWords(finding.kind), ' ', severityMark(finding.severity)),
    h('p', { class: 'lead' }, shown(finding.sentence, 2000)),
    h('dl', { class: 'facts' },
      fact('About', subjectLink(finding), finding.more ? ` and ${counted(finding.more, 'more ' + finding.noun)}` : ''),
      fact('From', time(finding.at, 3, true), finding.until !== null && finding.until > finding.at ? [' to ', time(finding.until, 3, true)] : ''),
      fact('For', extent(finding)),
      finding.began ? fact('Began', 'between ', time(finding.began[0]), ' and ', time(finding.began[1])) : null,
      fact('Why to believe it', shown(finding.trust, 2000)),
      fact('Lasting id', h('code', {}, finding.id))),
  ];
  const diagram = model.diagramOf.get(index);
  if (diagram) page.push(new SpaceTime(diagram).view());
  page.push(h('div', { class: 'document' }, blocks(finding.document, 4)));
  if (finding.figures.length) {
    page.push(h('h4', {}, 'Measured'), table(['figure', 'value', 'of what'].map(text => [text]),
      finding.figures.map(row => row.map(cell => shown(cell, 300)))));
  }
  const evidence = model.evidence(index);
  page.push(h('h4', {}, 'Evidence'), evidence.length ? evidenceList(evidence) : h('p', {}, 'No record of this page.'));
  if (finding.members.length > 1) {
    const few = finding.members.slice(0, 200);
    page.push(h('details', {}, h('summary', {}, `All ${counted(finding.size, 'finding')} of this row`),
      table(['id', 'about', 'from', 'to'].map(text => [text]), few.map(member =>
        [h('code', {}, member.id), shown(member.subject, 120), time(member.at), member.until === null ? '' : time(member.until)])),
      finding.size > few.length ? h('p', { class: 'quiet' }, `${grouped(finding.size - few.length)} more stand in findings.json.`) : null));
  }
  return page;
};

const fact = (name, ...value) => value.flat().every(part => part === '' || part === null) ? null
  : [h('dt', {}, name), h('dd', {}, value)];

/** The finding's subject, as a focus where events of the page bear its name. */
const subjectLink = finding => finding.endpoint ? nameLink('endpoint', finding.endpoint, 200) : shown(finding.subject, 200);

const evidenceList = evidence => h('ul', { class: 'evidence' }, evidence.slice(0, 60).map(({ event, part }) => h('li', {},
  h('p', {}, h('strong', {}, shown(part || 'record', 80)), ' ', time(model.when(event)), ' ', nameLink('actor', model.actor[event]), ' ',
    shown(what(event), 300), ' ', eventLink(event)),
  model.lineOf.has(event) ? h('pre', { class: 'line' }, shown(model.lineOf.get(event), 4000)) : null)),
  evidence.length > 60 ? h('li', { class: 'quiet' }, `${grouped(evidence.length - 60)} more: filter the events below by this finding.`) : null);

const findings = () => {
  const detail = h('div', { class: 'finding', id: 'finding', role: 'region', 'aria-labelledby': 'finding-title' });
  const buttons = new Map();
  const list = h('ul', { class: 'finding-list' });
  let shownIndex = -1;
  const info = h('details', {}, h('summary', {}, 'For information'));
  model.findings.forEach((finding, index) => {
    const button = action({ class: 'finding-button ' + finding.severity, 'aria-controls': 'finding' }, () => focus.set('finding', index),
      h('span', { class: 'finding-head' }, h('b', {}, finding.label), ' ', kindWords(finding.kind)),
      h('span', { class: 'quiet' }, shown(finding.subject, 90), finding.more ? ` and ${finding.more} more` : ''),
      h('span', { class: 'quiet' }, time(finding.at, 0), extent(finding) ? ' · ' + extent(finding) : ''));
    buttons.set(index, button);
    if (index < 1000) (finding.severity === 'info' ? info : list).append(h('li', {}, button));
  });
  const show = index => {
    if (index === shownIndex || index < 0) return;
    shownIndex = index;
    detail.replaceChildren(...findingPage(index));
    for (const [other, button] of buttons) button.setAttribute('aria-current', other === index);
  };
  focus.follow(() => {
    if (focus.kind === 'finding') show(focus.index);
    else if (shownIndex < 0) show(0);
    const related = focus.findings();
    for (const [index, button] of buttons) button.classList.toggle('related', related.has(index));
  });
  if (!model.findings.length) return section('findings', 'Findings', h('p', {}, 'Nothing was found.'));
  return section('findings', `Findings (${grouped(model.findings.length)})`,
    h('div', { class: 'split' }, h('div', { class: 'finding-lists' }, list, info.children.length > 1 ? info : null,
      model.findings.length > 1000 ? h('p', { class: 'quiet' }, `${grouped(model.findings.length - 1000)} more stand in findings.json.`) : null), detail));
};
