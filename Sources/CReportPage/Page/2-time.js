// Times are milliseconds since 1970, shown in UTC; the reader's own zone stands in the tooltip.

const second = 1e3, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

const iso = ms => new Date(ms).toISOString();
/** 06:47:58.622 */
const clock = (ms, digits = 3) => iso(ms).slice(11, digits === 0 ? 19 : 20 + digits);
/** 2025-10-20 06:47:58.622Z */
const dated = (ms, digits = 3) => iso(ms).slice(0, 10) + ' ' + clock(ms, digits) + 'Z';

const ownZone = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

const time = (ms, digits = 3, isDated = false) => ms === null ? h('span', {}, 'no time') : h('time', {
  datetime: iso(ms), title: 'for you: ' + ownZone.format(ms),
}, isDated ? dated(ms, digits) : clock(ms, digits) + 'Z');

/** 3 min 12 s */
const lasted = ms => {
  const size = Math.abs(ms);
  const words = (big, unit, small, under) => {
    const least = Math.round(size / small), whole = Math.floor(least * small / big);
    const rest = least - whole * (big / small);
    return `${whole} ${unit}` + (rest ? ` ${rest} ${under}` : '');
  };
  if (size < 1) return `${Number(size.toPrecision(2)) * 1000} µs`;
  if (size < 999.5) return `${Number(size.toPrecision(3))} ms`;
  if (size < 59.95 * second) return `${Number((size / second).toPrecision(3))} s`;
  if (size < hour - 500) return words(minute, 'min', second, 's');
  if (size < day - 30 * second) return words(hour, 'h', minute, 'min');
  return words(day, 'd', hour, 'h');
};

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
  minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour,
  day, 2 * day, 7 * day, 30 * day, 365 * day];

/** Round times in a span, at most `most` of them. */
const ticks = (from, to, most) => {
  const step = steps.find(step => (to - from) / step <= most) ?? (to - from);
  const list = [];
  for (let at = Math.ceil(from / step) * step; at <= to && list.length <= most; at += step) list.push(at);
  const digits = step < second ? 3 : 0;
  return list.map(at => ({ at, text: step >= day ? iso(at).slice(0, 10) : clock(at, digits).slice(0, step >= minute ? 5 : undefined) }));
};
