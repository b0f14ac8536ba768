// Puts the page together.

let model = null;

const section = (id, title, ...content) => h('section', { id, 'aria-labelledby': id + '-title' }, h('h2', { id: id + '-title', tabindex: -1 }, title), content);

const story = () => section('story', 'In short', h('div', { class: 'document' }, blocks(model.story, 3)));
const quality = () => section('quality', 'Data quality, and what is not decided', h('div', { class: 'document' }, blocks(model.quality, 3)));

const theme = () => {
  const button = document.getElementById('theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let isDark = dark.matches;
  const show = () => {
    document.documentElement.setAttribute('data-theme', isDark ? 'dark' : 'light');
    button.textContent = isDark ? 'Light' : 'Dark';
  };
  button.addEventListener('click', () => { isDark = !isDark; show(); });
  dark.addEventListener('change', () => { isDark = dark.matches; show(); });
  show();
};

const open = async () => {
  theme();
  const main = document.getElementById('main');
  try {
    model = new Model(await inflate());
  } catch (error) {
    document.getElementById('loading').textContent = 'The data of this page cannot be read; the file may have been cut short. timeline.md and findings.json beside it hold the same report. (' + error.message + ')';
    return;
  }
  document.title = shown(model.bundle, 120) + ' · Inquest report';
  document.getElementById('bundle').textContent = shown(model.bundle, 200);
  document.getElementById('head').replaceChildren(...model.head.flatMap(line => [shown(line, 400), h('br')]));
  const sections = [story(), overview(), findings(), endpoints(), backlogs(), services(), events(), quality()].filter(Boolean);
  const go = id => {
    const title = document.getElementById(id + '-title');
    title.scrollIntoView({ block: 'start' });
    title.focus({ preventScroll: true });
  };
  document.getElementById('sections').append(...sections.map(one => h('li', {}, action({}, () => go(one.id), sectionNames[one.id]))));
  document.getElementById('skip').addEventListener('click', event => { event.preventDefault(); main.focus(); });
  main.replaceChildren(...sections);
  detail();
  addEventListener('popstate', () => focus.read());
  focus.read();
  document.documentElement.setAttribute('data-ready', Math.round(performance.now()));
};

const sectionNames = { story: 'In short', glance: 'At a glance', findings: 'Findings', endpoints: 'Endpoints', backlogs: 'Backlogs',
  services: 'Services', events: 'Events', quality: 'Data quality' };

open();
