import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import engine from '../plugins/vulnerabilities';
import { answerOf } from '../plugins/vulnerabilities/answer';
import { openVulnerabilities } from '../plugins/vulnerabilities/database/open';
import { goBuildInfo, makeElf } from '../plugins/vulnerabilities/fixtures/programs';
import type { EngineFile } from '../src/engines/contract';
import { type Corpus, scratch } from './corpus';
import { mb, type Report, round } from './figures';

const RECORDS = 200_000;
const PACKAGES = 40_000;
const ECOSYSTEMS = ['Maven', 'npm', 'PyPI', 'Go', 'RubyGems', 'Debian:12', 'crates.io'];
const LOOK_UPS = 50_000;
const PROGRAMS = 300;
const MODULES = 100;

const nameOf = (n: number): string => `group${n % 97}.example:package-${n}`;
const ecosystemOf = (n: number): string => ECOSYSTEMS[n % ECOSYSTEMS.length] ?? '';

/** A record of about the size that OSV's have; several are about one package. */
const recordOf = (n: number): object => {
  const number = n % PACKAGES;
  return {
    schema_version: '1.6.0',
    id: `GHSA-${n}`,
    aliases: [`CVE-2024-${n}`],
    modified: new Date(1_700_000_000_000 + n * 1000).toISOString(),
    published: '2024-01-01T00:00:00Z',
    summary: `A weakness with the number ${n} in a package that does not exist`,
    details: 'It is described at length. '.repeat(40),
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
    affected: [
      {
        package: { ecosystem: ecosystemOf(number), name: nameOf(number) },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: `1.${n % 50}.0` }] }],
        versions: Array.from({ length: n % 20 }, (_, minor) => `1.${minor}.0`),
      },
    ],
  };
};

const writeAll = (folder: string): void => {
  for (let n = 0; n < RECORDS; n++) {
    const below = join(folder, String(n % 500));
    if (n < 500) mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `GHSA-${n}.json`), JSON.stringify(recordOf(n)));
  }
};

/** By the binary, as an administrator would. */
const importAll = async (records: string, data: string) => {
  const begun = performance.now();
  const child = Bun.spawn([process.env.ASSAY_BIN ?? '', 'vulnerabilities', 'import', records, '--data-dir', data], {
    stdout: 'ignore',
    stderr: 'inherit',
  });
  if ((await child.exited) !== 0) throw new Error('the import failed');
  return { seconds: (performance.now() - begun) / 1000, peak: child.resourceUsage()?.maxRSS ?? 0 };
};

const residentAfterCollection = (): number => {
  Bun.gc(true);
  return process.memoryUsage().rss;
};

const lookUp = (path: string) => {
  const before = residentAfterCollection();
  const database = openVulnerabilities(path);
  let found = 0;
  const round = (count: number) => {
    for (let i = 0; i < count; i++) {
      const n = (i * 7919) % PACKAGES;
      const ecosystem = ecosystemOf(n).split(':')[0];
      const answer = answerOf([{ ecosystem, names: [nameOf(n)], version: '1.20.1' }], database);
      if (answer.status === 'detected') found += 1;
    }
  };
  round(2_000);
  const begun = performance.now();
  round(LOOK_UPS);
  const seconds = (performance.now() - begun) / 1000;
  const memory = residentAfterCollection() - before;
  database.close();
  if (found === 0) throw new Error('nothing was found, so that nothing was measured');
  return { perSecond: LOOK_UPS / seconds, memory };
};

const fileOf = (content: Buffer): EngineFile => ({
  path: '/bench/program',
  fd: -1,
  inMemory: true,
  size: content.length,
  sha256: '',
  sha1: '',
  md5: '',
  type: 'application/x-executable',
  bytes: async (start = 0, end = content.length) => content.subarray(start, end),
  stream: async function* () {
    yield content;
  },
});

/** Programs of Go with a hundred modules each, read and looked up. */
const scanPrograms = async (database: string) => {
  const context = { signal: new AbortController().signal };
  const opened = await engine.open({ database });
  const modules = Array.from({ length: MODULES }, (_, i) => `dep\t${nameOf(i * 7 + 3)}\tv1.20.1\th1:x`).join('\n');
  const file = fileOf(makeElf({ '.go.buildinfo': goBuildInfo('go1.22.3', `path\tx\n${modules}\n`) }));
  for (let i = 0; i < 20; i++) await opened.scan(file, context);
  const begun = performance.now();
  for (let i = 0; i < PROGRAMS; i++) await opened.scan(file, context);
  const seconds = (performance.now() - begun) / 1000;
  await opened.close();
  return { perSecond: (PROGRAMS * MODULES) / seconds };
};

/** 200,000 made-up records: their import, the memory of who looks into them, and how fast that is, in one thread. */
export const vulnerabilities = async (_: Corpus): Promise<Report> => {
  const folder = scratch('osv');
  try {
    const [records, data] = [join(folder.path, 'records'), join(folder.path, 'data')];
    writeAll(records);
    const imported = await importAll(records, data);
    const database = join(data, 'vulnerabilities.db');
    const { size } = statSync(database);
    const looked = lookUp(database);
    const programs = await scanPrograms(database);
    return {
      title: `Vulnerable software: ${RECORDS} made-up records of ${PACKAGES} packages`,
      head: ['what', 'figure'],
      rows: [
        ['import by the binary', `${round(imported.seconds, 1)} s, ${mb(imported.peak)} resident at the most`],
        ['the database', mb(size)],
        ['memory of an open database after the look-ups', mb(looked.memory)],
        ['components looked up in a second, each with five records', String(Math.round(looked.perSecond))],
        ['modules of Go programs, read and looked up in a second', String(Math.round(programs.perSecond))],
      ],
      figures: { imported, size, looked, programs },
    };
  } finally {
    folder.remove();
  }
};
