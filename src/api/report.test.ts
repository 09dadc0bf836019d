import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { lacks } from '../../test/needs';
import { newId } from '../core/id';
import { openTestApi, type TestApi, WORKFLOW_ID } from './fixtures/harness';
import { addManyFiles } from './fixtures/many';

let t: TestApi;
beforeEach(async () => {
  t = await openTestApi();
});
afterEach(() => t.close());

const ask = (scanId: string, query = '') => t.call(`/api/scan/${scanId}/report?${query}`, { as: 'viewer' });

interface Row {
  path: string;
  [name: string]: unknown;
}
const json = async (scanId: string, query = '') =>
  (await (await ask(scanId, `format=json&${query}`)).json()) as {
    entries: Row[];
    total: number;
    recordedMeanwhile: number;
  };
const listed = async (scanId: string, query = '') =>
  (await (await t.call(`/api/scan/${scanId}/files?limit=1000&${query}`, { as: 'viewer' })).json()) as {
    entries: Row[];
    total: number;
  };
/** Read as a spreadsheet does: with the mark taken off, every cell a text. */
const csv = async (scanId: string, query = '') =>
  parse(await (await ask(scanId, `format=csv&${query}`)).text(), { bom: true, columns: true }) as Row[];

const hasPdftotext = !lacks('pdftotext');
const pdf = async (scanId: string, query = '') => {
  const dir = mkdtempSync(join(tmpdir(), 'assay-pdf-'));
  const file = join(dir, 'report.pdf');
  await Bun.write(file, await (await ask(scanId, `format=pdf&${query}`)).bytes());
  const { stdout, exitCode, stderr } = Bun.spawnSync(['pdftotext', '-layout', file, '-']);
  rmSync(dir, { recursive: true });
  expect([exitCode, stderr.toString()]).toEqual([0, '']);
  return stdout.toString();
};
const flat = (text: string) => text.replaceAll(/\s+/g, '');

const OTHER = '019a0000-0000-7000-8000-000000000002';
const at = (endedAt: number) => ({ answers: [], startedAt: endedAt - 1, endedAt });
const blocked = { resultCode: 1, state: 'Available', status: 'Blocked', explanation: 'Eicar.' } as const;

/** One clean file, one infected, one infected and encrypted, one failed and one that is due; the second through another workflow. */
const mixed = async () => {
  const { scan, files } = await t.addScan(['/clean', '/bad', '/worse', '/failed', '/due'].map((path) => ({ path })));
  const id = (path: string) => files.find((file) => file.path === path)!.id;
  await t.finish(id('/clean'), { findings: at(1_000) });
  await t.finish(id('/bad'), {
    verdict: { ...blocked, detections: ['Threat'] },
    workflowId: OTHER,
    findings: at(2_000),
  });
  await t.finish(id('/worse'), {
    verdict: { ...blocked, detections: ['Threat', 'Encrypted'] },
    findings: at(3_000),
  });
  await t.finish(id('/failed'), {
    verdict: { resultCode: 3, state: 'Failed', detections: [], explanation: 'No answer.' },
    findings: at(4_000),
  });
  return scan;
};

const FILTERS: [query: string, paths: string[]][] = [
  ['', ['/bad', '/clean', '/due', '/failed', '/worse']],
  ['status=Blocked', ['/bad', '/worse']],
  ['status=Blocked&status=Failed', ['/bad', '/failed', '/worse']],
  ['detection=Threat&detection=Encrypted', ['/worse']],
  ['search=WOR', ['/worse']],
  ["search=' OR 1=1 --", []],
  [`workflowId=${OTHER}`, ['/bad']],
  [`workflowId=${WORKFLOW_ID}`, ['/clean', '/failed', '/worse']],
  ['workflowId=x', []],
  ['from=1970-01-01T00:00:03Z', ['/failed', '/worse']],
  ['to=1970-01-01T00:00:03.000Z', ['/bad', '/clean']],
  ['from=1970-01-01T01:00:02%2B01:00&to=1970-01-01T00:00:02.001Z', ['/bad']],
  [`status=Blocked&workflowId=${WORKFLOW_ID}&from=1970-01-01T00:00:00Z`, ['/worse']],
];

test.each(FILTERS)('the filter "%s" means the same in the list and in each format', async (query, paths) => {
  const scan = await mixed();
  const list = await listed(scan.id, query);
  expect(list.entries.map(({ path }) => path).sort()).toEqual(paths);
  expect(list.total).toBe(paths.length);
  const report = await json(scan.id, query);
  expect(report.entries).toEqual(list.entries);
  expect(report).toMatchObject({ total: paths.length, recordedMeanwhile: 0 });
  expect((await csv(scan.id, query)).map(({ path }) => path)).toEqual(list.entries.map(({ path }) => path));
  if (hasPdftotext) {
    const text = await pdf(scan.id, query);
    for (const path of ['/clean', '/bad', '/worse', '/failed', '/due']) {
      expect([path, text.includes(`\n${path} `)]).toEqual([path, paths.includes(path)]);
    }
    expect(text).toContain(`${paths.length} files are listed.`);
  }
});

test.each([
  ['format=xml', '"format"'],
  ['status=Nope', '"status"'],
  ['detection=threat', '"detection"'],
  ['from=yesterday', '"from"'],
  ['from=2026-01-01', '"from"'],
  ['to=2026-02-31T00:00:00Z', '"to"'],
  ['to=2026-01-01T00:00:00', '"to"'],
])('the query %s is refused by name', async (query, field) => {
  const { scan } = await t.addScan();
  const res = await ask(scan.id, query);
  expect(res.status).toBe(400);
  expect(await res.json()).toMatchObject({
    responseKey: 'BAD_REQUEST',
    responseMessage: expect.stringContaining(field),
  });
});

test('an unknown scan is 404, nobody is 401, and a foreign host name 403', async () => {
  expect((await ask(newId(), 'format=pdf')).status).toBe(404);
  const { scan } = await t.addScan();
  expect((await t.call(`/api/scan/${scan.id}/report`)).status).toBe(401);
  const headers = { Host: 'evil.example' };
  expect((await t.call(`/api/scan/${scan.id}/report`, { as: 'admin', headers })).status).toBe(403);
});

test('a report without files is whole in every format', async () => {
  const { scan } = await t.addScan();
  expect(await json(scan.id)).toMatchObject({ entries: [], total: 0, recordedMeanwhile: 0 });
  const bytes = await (await ask(scan.id, 'format=csv')).bytes();
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  expect(text).toStartWith('\uFEFF"id","path",');
  expect(text.split('\r\n')).toHaveLength(2);
  if (hasPdftotext) expect(await pdf(scan.id)).toContain('0 files are listed.');
});

test('a HEAD request reads no file', async () => {
  const scan = await mixed();
  const listStretch = t.store.files.listStretch;
  t.store.files.listStretch = () => {
    throw new Error('it read');
  };
  const res = await t.call(`/api/scan/${scan.id}/report?format=csv`, { method: 'HEAD', as: 'viewer' });
  expect([res.status, await res.text()]).toEqual([200, '']);
  t.store.files.listStretch = listStretch;
});

const HOSTILE = [
  '=cmd|"/c calc"!A1',
  '+1',
  '-1+1',
  '@SUM(1)',
  '\t=1',
  '\r=1',
  '＝1',
  '/a "quoted", name; with, commas',
  '/line\nbreak\r\n=1',
  '/red\u001b[31m\u0007',
  '/\u202egnp.exe',
  '/back\\slash',
  '/not utf-8 \ufffd',
  "/it's",
];
const FORMULA = /^[=+\-@\t\r＝]/;

describe('hostile names are data', () => {
  const scanOf = async () => {
    const { scan, files } = await t.addScan(HOSTILE.map((path) => ({ path })));
    for (const { id } of files) {
      await t.finish(id, { verdict: { ...blocked, detections: ['Threat'], explanation: '=HYPERLINK("http://x")' } });
    }
    return scan;
  };

  test('in CSV, where none is a formula', async () => {
    const rows = await csv((await scanOf()).id);
    const shown = HOSTILE.map((path) => (FORMULA.test(path) ? `'${path}` : path));
    expect(rows.map(({ path }) => path).sort()).toEqual(shown.sort());
    for (const row of rows) {
      expect(row.explanation).toBe('\'=HYPERLINK("http://x")');
      for (const value of Object.values(row)) expect(String(value)).not.toMatch(FORMULA);
    }
  });

  test('in JSON', async () => {
    const { entries } = await json((await scanOf()).id);
    expect(entries.map(({ path }) => path).sort()).toEqual([...HOSTILE].sort());
  });

  test.skipIf(!hasPdftotext)('in PDF, where each can be read and none is obeyed', async () => {
    const text = flat(await pdf((await scanOf()).id));
    for (const name of ['/line\\nbreak\\r\\n=1', '/red\\x1b[31m\\x07', '/\\u{202e}gnp.exe', '/back\\\\slash']) {
      expect(text).toContain(name);
    }
  });
});

test.skipIf(lacks('python3'))('python reads the same rows from CSV', async () => {
  const { scan } = await t.addScan(HOSTILE.map((path) => ({ path })));
  const program =
    'import csv,io,json,sys\ntext=sys.stdin.buffer.read().decode("utf-8-sig")\nprint(json.dumps(list(csv.DictReader(io.StringIO(text,newline="")))))';
  const stdin = Buffer.from(await (await ask(scan.id, 'format=csv')).bytes());
  const { stdout, stderr } = Bun.spawnSync(['python3', '-c', program], { stdin });
  expect(stderr.toString()).toBe('');
  const rows = JSON.parse(stdout.toString()) as Row[];
  expect(rows).toEqual(await csv(scan.id));
  expect(rows[0]).toMatchObject({ state: 'InProgress', scanAllResultI: '255', size: '10', status: '' });
});

describe.skipIf(!hasPdftotext)('a PDF', () => {
  test('says what it is of, which files it shows, and how many came out how', async () => {
    const scan = await mixed();
    await t.store.scans.move(scan.id, ['running'], 'finished', t.deps.clock());
    const text = await pdf(scan.id, 'status=Blocked&status=Failed&search=a');
    expect(text).toContain('Assay report');
    expect(text).toMatch(/State +finished/);
    expect(text).toMatch(/Status +Blocked or Failed/);
    expect(text).toMatch(/Path holds +a/);
    expect(text).toMatch(/Blocked +1\b/);
    expect(text).toMatch(/Failed +1\b/);
    expect(text).toMatch(/Threat +1\b/);
    expect(text).toMatch(/\/failed +Failed +Failed +No answer\. +1970-01-01 00:00:04 +Default \(revision 1\)/);
    expect(text).toContain('Page 1');
    expect(text).toContain('No result of this scan changed');
    expect(text).not.toContain('files that it finds later');
  });

  test('holds names of many alphabets, and the number of what no font has', async () => {
    const names = [
      'Ünïcødé',
      'Отчёт',
      'Αναφορά',
      '報告書.docx',
      'レポート',
      '보고서',
      '报告',
      'x\u{1F9FF}y',
      'e\u0301te',
    ];
    const { scan } = await t.addScan(names.map((name) => ({ path: `/${name}` })));
    const text = (await pdf(scan.id)).normalize('NFC');
    for (const name of names.slice(0, 7)) expect(text).toContain(`/${name}`);
    expect(text).toContain('/x\\u{1f9ff}y');
    expect(flat(text)).toContain('/éte');
  });

  test('holds all of a path that is longer than a page', async () => {
    const path = `/${'very-long/'.repeat(600)}end-of-it`;
    const unbroken = `/${'x'.repeat(4000)}`;
    const { scan } = await t.addScan([{ path }, { path: unbroken }]);
    const text = (await pdf(scan.id)).replaceAll(/Path +Status.*\n|Assay report of.*\n|InProgress +In Progress/g, '');
    expect(flat(text)).toContain(path);
    expect(flat(text)).toContain(unbroken);
    expect(await pdf(scan.id)).toContain('Page 2');
  });
});

describe('while the scan goes on', () => {
  /** Reads the first bytes of a report, does something, and reads on. */
  const meanwhile = async (scanId: string, query: string, act: () => Promise<void>): Promise<string> => {
    const reader = (await ask(scanId, query)).body!.getReader();
    const parts = [(await reader.read()).value!];
    await act();
    for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
    return Buffer.concat(parts).toString();
  };

  test('a report shows no file twice and none that was found later, and says that results came', async () => {
    const { scan, files } = await t.addScan([{ path: '/a' }, { path: '/b' }]);
    const text = await meanwhile(scan.id, 'format=json', async () => {
      await t.finish(files[0]!.id);
      const by = { scanId: scan.id, storageId: scan.storageId, reason: 'scan' as const };
      await t.store.work.addFound(
        { ...by, workflowId: WORKFLOW_ID, workflowRevision: 1 },
        [{ path: '/later', size: 1, modifiedAt: 1 }],
        1,
      );
    });
    const report = JSON.parse(text) as { entries: Row[] };
    expect(report).toMatchObject({ total: 2, recordedMeanwhile: 1 });
    expect(report.entries.map(({ path }) => path).sort()).toEqual(['/a', '/b']);
  });

  test('an error in the middle breaks the body off, so that no part is taken for the whole', async () => {
    const { scan } = await t.addScan([{ path: '/a' }]);
    const broken = meanwhile(scan.id, 'format=csv', async () => {
      t.store.files.listStretch = () => Promise.reject(new Error('disk on fire'));
    });
    expect(broken).rejects.toThrow('disk on fire');
    await broken.catch(() => {});
  });

  test('a reader that goes away ends the reading', async () => {
    const scan = await addManyFiles(t, 3_000, (i) => ({ found: { path: `/${i}` }, outcome: undefined }));
    let reads = 0;
    const { listStretch } = t.store.files;
    t.store.files.listStretch = (stretch) => {
      reads++;
      return listStretch(stretch);
    };
    const reader = (await ask(scan.id, 'format=csv')).body!.getReader();
    await reader.read();
    await reader.read();
    await reader.cancel();
    await Bun.sleep(20);
    expect(reads).toBe(1);
  });
});

test.each([
  ['Nightly', 'assay-Nightly-2026-01-01.csv', 'assay-Nightly-2026-01-01.csv'],
  ['../../etc/passwd', 'assay-etc-passwd-2026-01-01.csv', 'assay-etc-passwd-2026-01-01.csv'],
  ['a"; filename="x.exe\r\nSet-Cookie: a=b', /^assay-a-filename-x\.exe-Set-Cookie-a-b-/, /^assay-a-filename-x\.exe-/],
  ['Отчёт 1', 'assay-1-2026-01-01.csv', 'assay-Отчёт-1-2026-01-01.csv'],
  ['\ud800 \u202e', 'assay-2026-01-01.csv', 'assay-2026-01-01.csv'],
  ['x'.repeat(200), /^assay-x{80}-2026/, /^assay-x{80}-2026/],
])('a scan called %j is offered under a safe name', async (name, plain, full) => {
  const storage = await t.addStorage();
  const scan = await t.deps.scans.start({ storageId: storage.id, name }, 'somebody');
  const res = await ask(scan.id, 'format=csv');
  const header = res.headers.get('Content-Disposition') ?? '';
  const [, ascii, encoded = ''] = /^attachment; filename="([A-Za-z0-9._-]+)"; filename\*=UTF-8''(\S+)$/.exec(header)!;
  expect(ascii).toMatch(plain);
  expect(decodeURIComponent(encoded)).toMatch(full);
  expect(res.headers.get('Content-Type')).toStartWith('text/csv');
  await res.body?.cancel();
});
