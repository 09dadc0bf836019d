import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startClamd } from '../test/servers/clamd';
import { scratch } from './corpus';
import { createRandom } from './corpus/random';
import { createText } from './corpus/text';
import { zip } from './corpus/zip';
import { mb, type Report, RUN_HEAD, type Run, runRow, summary } from './figures';
import { childrenOf, commandOf, quiet } from './measure';
import { runPeer } from './peer';
import { serve } from './serve';

const MEMBERS = 10_000;
const MEDIAN = 4000;
const SIGMA = 1;
/** One member, in pieces of so many bytes that are all the same: beyond the window of Deflate, so that it shrinks as text does. */
const PIECE = 1_000_000;
const PIECES = 2000;

/** clamd and clamscan give up long before 10,000 members and 2 GB, unless they are told otherwise. */
const CLAMD = ['MaxFiles 100000', 'MaxScanSize 4000M', 'MaxFileSize 2000M', 'MaxScanTime 600000'];
const CLAMSCAN = ['--max-files=100000', '--max-scansize=4000M', '--max-filesize=2000M', '--max-scantime=600000'];

const writeMany = (path: string): number => {
  const random = createRandom('archives');
  const text = createText(random);
  const members = Array.from({ length: MEMBERS }, (_, i) => ({
    name: `${text.name()}-${i}.txt`,
    bytes: Buffer.from(text.prose(Math.round(random.logNormal(MEDIAN, SIGMA)))),
  }));
  writeFileSync(path, zip(members));
  return members.reduce((sum, { bytes }) => sum + bytes.length, 0);
};

/** A zip of one member, made from a pipe. */
const writeLarge = async (path: string): Promise<number> => {
  const piece = Buffer.from(createText(createRandom('large')).prose(PIECE));
  const packer = Bun.spawn(['zip', '-1', '-q', path, '-'], { stdin: 'pipe' });
  for (let i = 0; i < PIECES; i++) {
    packer.stdin.write(piece);
    await packer.stdin.flush();
  }
  await packer.stdin.end();
  if ((await packer.exited) !== 0) throw new Error('zip failed');
  return PIECE * PIECES;
};

/** Archives: a zip of many members by Assay, by ClamAV and by 7-Zip alone, and the memory that one large member takes. */
export const archives = async (_: unknown, runs: number): Promise<Report> => {
  const folder = scratch('archives');
  const clamd = await startClamd(CLAMD);
  try {
    const at = (name: string) => join(folder.path, name);
    const many = { files: MEMBERS, bytes: writeMany(at('many.zip')) };
    // A file of it stands for a megabyte.
    const large = { files: PIECES, bytes: await writeLarge(at('large.zip')) };
    const also = { clamd: childrenOf(process.pid).find((child) => commandOf(child).includes(clamd.config)) ?? 0 };
    const clamav = { engines: { clamav: { socket: clamd.socket, config: clamd.config } } };
    writeFileSync(at('clamav.yaml'), JSON.stringify(clamav));
    const assay = [process.env.ASSAY_BIN ?? '', 'scan', '--no-summary'];
    const database = join(clamd.folder, 'db');

    /** Each way to read a zip, and what it is compared with. */
    const ways = (name: string): { [way: string]: { command: string[]; also?: typeof also; peer?: string } } => ({
      '7z t': { command: ['7zz', 't', '-bso0', at(name)] },
      clamscan: { command: ['clamscan', '-i', '--no-summary', ...CLAMSCAN, '-d', database, at(name)] },
      clamdscan: { command: ['clamdscan', '--fdpass', '-i', '--no-summary', '-c', clamd.config, at(name)], also },
      'assay scan, default engines': { command: [...assay, at(name)], peer: 'clamscan' },
      'assay scan, clamd alone': {
        command: [...assay, '--config', at('clamav.yaml'), at(name)],
        also,
        peer: 'clamdscan',
      },
    });
    const done: { [name: string]: { [way: string]: Run[] } } = { 'many.zip': {}, 'large.zip': {} };
    for (let run = 0; run < runs; run++) {
      for (const [name, size] of [['many.zip', many] as const, ['large.zip', large] as const]) {
        for (const [way, { command, also: with_ }] of Object.entries(ways(name))) {
          await quiet();
          const measured = await runPeer({ command, ...size, also: with_, family: true });
          done[name] = { ...done[name], [way]: [...(done[name]?.[way] ?? []), measured] };
        }
      }
    }
    const serving = await serve({});
    const served: Run[] = [];
    const storage = await serving.addStorage(at('many.zip'));
    for (let run = 0; run < runs; run++) {
      await quiet();
      served.push({ ...(await serving.scan(storage)), ...many });
    }
    await serving.stop();

    const figures = Object.fromEntries(
      Object.entries(done).map(([name, all]) => [
        name,
        Object.fromEntries(Object.entries(all).map(([way, list]) => [way, summary(list)])),
      ]),
    );
    const rows = Object.entries(figures).flatMap(([name, all]) =>
      Object.entries(all).map(([way, figure]) => runRow(`${name}: ${way}`, figure, all[ways(name)[way]?.peer ?? ''])),
    );
    return {
      title: 'Archives: members of a zip a second, and the memory that one of 2 GB takes',
      head: RUN_HEAD,
      rows: [...rows, runRow('many.zip: assay serve, default engines, a later scan', summary(served))],
      notes: [
        `many.zip: ${MEMBERS} texts, ${mb(many.bytes)}, packed ${mb(readFileSync(at('many.zip')).length)}; large.zip: one text of ${mb(large.bytes)}, of which a megabyte counts as a file.`,
        'Peak RSS is that of all processes of a run together, but for clamd. clamd: two signatures, its limits raised so that it looks at everything.',
      ],
      figures: { ...figures, served: summary(served) },
    };
  } finally {
    await clamd.remove();
    folder.remove();
  }
};
