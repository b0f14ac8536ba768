// Elements. Their names and attributes are constants or numbers; whatever comes from the logs becomes text.

const SVG = 'http://www.w3.org/2000/svg';

const fill = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') for (const [event, action] of Object.entries(value)) node.addEventListener(event, action);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return node;
};

const h = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
const g = (name, attributes = {}, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

/** A button that does something; links would need an address. */
const action = (attributes, act, ...children) => h('button', { type: 'button', ...attributes, on: { click: act } }, ...children);

const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Text of a log as it may be shown: what hides or turns the reading direction is spelled out, what is very long is cut. */
const shown = (text, most = 300) => {
  const cut = text.length > most ? text.slice(0, most).replace(/[\ud800-\udbff]$/, '') : text;
  const safe = cut.replace(hidden, sign => '\\u{' + sign.codePointAt(0).toString(16) + '}');
  return cut.length < text.length ? `${safe}… (${grouped(text.length)} characters)` : safe;
};

const grouped = number => Math.round(number).toString().replace(/\B(?=(\d{3})+$)/g, ',');
const counted = (number, noun, plural = noun + 's') => `${grouped(number)} ${number === 1 ? noun : plural}`;

/** A measured number, to three digits that count. */
const measured = number => {
  const size = Math.abs(number);
  if (size >= 1e5) {
    const power = Math.min(5, Math.floor(Math.log10(size * 1.0005) / 3));
    return measured(number / 1000 ** power) + ' ' + ['', 'k', 'M', 'G', 'T', 'P'][power];
  }
  return size >= 100 || Number.isInteger(number) ? grouped(number) : String(Number(number.toPrecision(3)));
};

/** Draws again whenever the width of `box` changes. */
const drawn = (box, draw) => {
  let width = 0;
  const again = () => {
    const now = Math.floor(box.clientWidth);
    if (now < 40 || now === width) return;
    width = now;
    draw(now);
  };
  new ResizeObserver(again).observe(box);
  return () => { if (width) draw(width); };
};

/** The least index of a sorted list whose value is not below `value`. */
const partition = (list, value) => {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
};
