import type { Random } from './random';

const SYLLABLES = 'ba be co da de en fa ge ho in ka le lo ma me no or pa ra re sa se ta ti un ve wa zu'.split(' ');
const PATHS = ['/', '/login', '/api/v1/items', '/static/app.js', '/img/logo.png', '/search?q=report'];
const POOL = 2 * 1024 * 1024;

/** Text of the kinds that office hosts hold, cut from pools that are made once. */
export interface Text {
  prose: (length: number) => string;
  csv: (length: number) => string;
  log: (length: number) => string;
  sql: (length: number) => string;
  name: () => string;
}

export const createText = (random: Random): Text => {
  const word = () => Array.from({ length: 1 + random.below(4) }, () => random.pick(SYLLABLES)).join('');
  const words = Array.from({ length: 4000 }, word);
  // Squared, so that some words are frequent and most are rare.
  const common = () => words[Math.floor(random.number() ** 2 * words.length)]!;
  const sentence = () => `${Array.from({ length: 6 + random.below(14) }, common).join(' ')}.`;
  const time = () => new Date(1.7e12 + random.below(3e10)).toISOString();

  const lines = {
    prose: () => Array.from({ length: 1 + random.below(6) }, sentence).join(' '),
    csv: () =>
      `${random.below(1e6)},${time().slice(0, 10)},${common()} ${common()},${common()}@${common()}.example,${(random.number() * 1e4).toFixed(2)}`,
    log: () =>
      `10.${random.below(256)}.${random.below(256)}.${random.below(256)} - - [${time()}] "GET ${random.pick(PATHS)} HTTP/1.1" ${random.pick([200, 200, 200, 304, 404, 500])} ${random.below(90_000)} "-" "Mozilla/5.0 (X11; Linux x86_64) ${common()}/${random.below(100)}.0"`,
    sql: () =>
      `INSERT INTO ${common()} VALUES (${random.below(1e6)},'${common()} ${common()}','${time()}',${random.below(1e4)});`,
  };
  const cutter = (line: () => string) => {
    let pool = '';
    return (length: number): string => {
      while (pool.length < POOL) pool += `${Array.from({ length: 500 }, line).join('\n')}\n`;
      let text = '';
      while (text.length < length) {
        const start = random.below(pool.length - 1);
        text += pool.slice(start, start + Math.min(length - text.length, POOL / 4));
      }
      return text;
    };
  };
  return {
    prose: cutter(lines.prose),
    csv: cutter(lines.csv),
    log: cutter(lines.log),
    sql: cutter(lines.sql),
    name: () => `${common()}-${common()}`,
  };
};
