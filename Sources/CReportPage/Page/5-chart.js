// Small charts over time: an axis, lines or steps, marks, and a cursor that reads the values aloud and on hover.

const space = { left: 56, right: 12, top: 10, bottom: 22 };

/** The scale of an axis of values: round numbers from 0 on. */
const valueTicks = most => {
  if (!(most > 0)) return [0];
  const power = 10 ** Math.floor(Math.log10(most / 2));
  const step = [1, 2, 5, 10, 20].map(by => by * power).find(step => most / step <= 4);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => at * step);
};

/** Values in which holes of up to three buckets, where samples are rarer than buckets, hold the value before. */
const bridged = values => {
  const result = values.slice();
  let last = -1;
  values.forEach((value, at) => {
    if (value === null) return;
    if (last >= 0 && at - last <= 4) for (let hole = last + 1; hole < at; hole += 1) result[hole] = values[last];
    last = at;
  });
  return result;
};

const percent = share => share > 0 && share < 0.001 ? '<0.1 %' : `${Number((share * 100).toPrecision(3))} %`;

const timeAxis = (width, height, from, to, x) => {
  const most = Math.max(2, Math.floor((width - space.left - space.right) / 90));
  return g('g', { class: 'axis' }, ticks(from, to, most).map(tick => [
    g('line', { x1: x(tick.at), x2: x(tick.at), y1: space.top, y2: height - space.bottom }),
    g('text', { x: x(tick.at), y: height - 6, 'text-anchor': 'middle' }, tick.text),
  ]));
};

const cursorLine = (x, height, className = 'cursor') =>
  g('line', { class: className, x1: x, x2: x, y1: space.top, y2: height - space.bottom });

/**
 * A chart of columns over buckets of equal width.
 * series: [{ name, className, values, unit, isLine, base }], where `base` are values to stand on; marks: [{ at, to, className }].
 */
const chart = ({ title, from, width: bucket, series, marks = [], height = 150, top = null, format = measured, also = null }) => {
  for (const one of series) one.drawn = bridged(one.values);
  const count = series[0].values.length;
  const to = from + bucket * count;
  const box = h('div', { class: 'chart' });
  const reading = h('p', { class: 'reading quiet', 'aria-live': 'polite' });
  const greatest = Math.max(0, ...series.flatMap(one => one.values.map(value => value ?? 0)));
  const most = top ?? greatest;
  let at = -1;
  let draw = () => {};

  const read = () => {
    reading.replaceChildren();
    if (at < 0) {
      reading.append(`Greatest: ${format(greatest)}${series[0].unit}.`);
      return;
    }
    reading.append(time(from + at * bucket, 0), ': ', series.map(one =>
      `${one.name} ${one.values[at] === null ? 'no sample' : format(one.values[at]) + one.unit}`).join(', '), also ? also(at) : '');
  };
  const move = to => { at = Math.max(-1, Math.min(count - 1, to)); read(); draw(); };

  draw = drawn(box, width => {
    const x = ms => space.left + (ms - from) / (to - from) * (width - space.left - space.right);
    const y = value => height - space.bottom - value / (most || 1) * (height - space.top - space.bottom);
    const bounds = range => [Math.max(from, range[0]), Math.min(to, range[1] ?? to)];
    const picture = g('svg', {
      width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', tabindex: 0,
      on: {
        pointermove: event => move(Math.floor((event.offsetX - space.left) / (width - space.left - space.right) * count)),
        pointerleave: () => move(-1),
        keydown: event => {
          const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
          if (event.key === 'Escape') move(-1); else if (step) move(Math.max(0, at + step)); else return;
          event.preventDefault();
        },
      },
    }, g('title', {}, title));
    for (const mark of marks.filter(mark => mark.at < to && (mark.to ?? to) >= from)) {
      const [start, end] = bounds([mark.at, mark.to]);
      picture.append(g('rect', { class: mark.className, x: x(start), width: Math.max(1, x(end) - x(start)),
        y: space.top, height: height - space.top - space.bottom }));
    }
    picture.append(timeAxis(width, height, from, to, x));
    for (const value of valueTicks(most)) {
      picture.append(g('line', { class: 'grid', x1: space.left, x2: width - space.right, y1: y(value), y2: y(value) }),
        g('text', { class: 'tick', x: space.left - 6, y: y(value) + 4, 'text-anchor': 'end' }, format(value)));
    }
    for (const one of series) {
      let path = '', isOpen = false;
      one.drawn.forEach((value, index) => {
        const foot = one.base?.[index] ?? 0;
        if (value === null) { isOpen = false; return; }
        const start = x(from + index * bucket).toFixed(1), end = x(from + (index + 1) * bucket).toFixed(1);
        path += one.isLine
          ? `${isOpen ? 'L' : 'M'}${((Number(start) + Number(end)) / 2).toFixed(1)} ${y(value).toFixed(1)}`
          : `M${start} ${y(foot).toFixed(1)}V${y(foot + value).toFixed(1)}H${end}V${y(foot).toFixed(1)}Z`;
        isOpen = true;
      });
      picture.append(g('path', { class: one.className, d: path || 'M0 0', fill: one.isLine ? 'none' : undefined }));
    }
    const moment = focus.moment();
    if (moment !== null && moment >= from && moment <= to) picture.append(cursorLine(x(moment), height));
    if (at >= 0) picture.append(cursorLine(x(from + (at + 0.5) * bucket), height, 'hair'));
    box.replaceChildren(picture);
  });
  focus.follow(draw);
  read();
  return [box, h('p', { class: 'key' }, series.map(one => h('span', { class: 'key-' + one.className }, one.name))), reading];
};
