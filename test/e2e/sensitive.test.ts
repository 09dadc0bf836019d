import { afterAll, test as anyTest, beforeAll, expect, setDefaultTimeout } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lacks } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { run } from './assay';
import { tool } from './containers/packer';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon } from './daemon';

setDefaultTimeout(60_000);
const isSkipped = lacks('zip');
const test = anyTest.skipIf(isSkipped);

/** A number that card makers give out for tests, as it stands in the files. */
const CARD = '4012 8888 8888 1881';
/** The body of a private key. */
const KEY = new Bun.CryptoHasher('sha512').update('a').digest('base64').repeat(8);
const SENTENCE = `Your credit card ${CARD} was charged.`;

const pdfOf = (text: string): string => {
  const content = `BT /F1 12 Tf 20 100 Td (${text}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>',
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
  ];
  let pdf = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = pdf.length;
    pdf += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 6\n0000000000 65535 f \n${offsets.join('')}`;
  return `${pdf}${table}trailer\n<</Root 1 0 R/Size 6>>\nstartxref\n${pdf.length}\n%%EOF\n`;
};

/** A document in which the number is cut into runs, as word processors do. */
const documentOf = (folder: string): void => {
  const parts = {
    '[Content_Types].xml':
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>${SENTENCE.split(
      '88',
    )
      .map((text, i) => `<w:r><w:t xml:space="preserve">${i === 0 ? '' : '88'}${text}</w:t></w:r>`)
      .join('')}</w:p></w:body></w:document>`,
  };
  mkdirSync(join(folder, 'word'), { recursive: true });
  for (const [name, content] of Object.entries(parts)) writeFileSync(join(folder, name), content);
};

let folder: ReturnType<typeof temporaryFolder>;
let daemon: RunningDaemon;
let storageId: string;

const api = (path: string, init?: RequestInit) => daemon.api(path, init);
const assay = (...args: string[]) => run([...args, '--socket', daemon.socket], { cwd: folder.path });

/** Scans the share under a workflow; each file with its whole result, by name. */
const scan = async (name: string, definition: object) => {
  const { id: workflowId } = await api('/api/workflow', post({ name, definition }));
  const { id } = await api('/api/scan', post({ storageId, workflowId, name }));
  await scanIs(daemon, id, 'finished');
  const files = await filesOf(daemon, id);
  const results = await Promise.all(files.map(async (file) => [file.name, await api(`/api/file/${file.id}`)] as const));
  return { id, files: new Map<string, any>(results) };
};

let masked: Awaited<ReturnType<typeof scan>>;

beforeAll(async () => {
  folder = temporaryFolder();
  if (isSkipped) return;
  const share = join(folder.path, 'share');
  const parts = join(folder.path, 'parts');
  mkdirSync(share);
  documentOf(parts);
  tool(parts, 'zip', '-qr', join(share, 'letter.docx'), '.');
  writeFileSync(join(share, 'cards.csv'), `name,card number\nAnn,${CARD}\nBob,5500-0000-0000-0004\n`);
  writeFileSync(join(share, 'letter.pdf'), pdfOf(SENTENCE));
  writeFileSync(join(share, 'shipped.txt'), `Order number ${CARD.replaceAll(' ', '')} was shipped.`);
  writeFileSync(join(share, 'clean.txt'), 'nothing to see');
  const lines = KEY.match(/.{1,64}/g)?.join('\n');
  writeFileSync(join(share, 'server.key'), `-----BEGIN PRIVATE ${'KEY'}-----\n${lines}\n-----END PRIVATE KEY-----\n`);
  writeFileSync(join(share, 'staff.txt'), 'STF-123456 is on leave.');
  tool(share, 'zip', '-q', 'letters.zip', 'letter.docx', 'cards.csv', 'letter.pdf');
  const config = join(folder.path, 'assay.yaml');
  writeFileSync(
    config,
    "engines:\n  yara: {}\n  sensitive-data:\n    patterns: [{ name: Staff Number, pattern: '\\bSTF-\\d{6}\\b' }]\nscan: { threads: 2, backoff: 1ms }\n",
  );
  daemon = await startDaemon({ cwd: folder.path, env: { ASSAY_CONFIG: config } });
  ({ id: storageId } = await api('/api/storage', post({ name: 'share', options: { kind: 'local', path: share } })));
  masked = await scan('masked', {});
}, 120_000);
afterAll(async () => {
  await daemon?.kill('SIGTERM');
  folder.remove();
});

const FOUND = ['cards.csv', 'letter.docx', 'letter.pdf', 'letters.zip'];
const ALL_FOUND = [...FOUND, 'server.key', 'staff.txt'];

test('card numbers in a table, a document, a PDF and an archive of them are found, masked and blocked', () => {
  for (const name of FOUND) {
    const file = masked.files.get(name);
    expect(file).toMatchObject({ status: 'Blocked', detections: expect.arrayContaining(['SensitiveData']) });
    expect(file.scanResult.scanResults).toMatchObject({
      scanAllResultI: 20,
      scanAllResultA: 'Sensitive Data Found',
    });
    const { verdict, severity, hits } = file.scanResult.dlpInfo;
    expect({ verdict, severity }).toEqual({ verdict: 1, severity: 0 });
    expect(hits.ccn.display_name).toBe('Credit Card Number');
    expect(hits.ccn.hits).toContainEqual(
      expect.objectContaining({ hit: '**** **** **** 1881', certainty: 'Very High', severity: 0 }),
    );
  }
  const [{ before, after }] = masked.files.get('letter.pdf').scanResult.dlpInfo.hits.ccn.hits;
  expect([before, after]).toEqual([
    expect.stringMatching(/Your credit card $/),
    expect.stringMatching(/^ was charged\./),
  ]);
  const places = masked.files.get('letters.zip').scanResult.dlpInfo.hits.ccn.hits.map(({ path }: any) => path);
  expect(places.toSorted()).toEqual(['cards.csv', 'cards.csv', 'letter.docx/word/document.xml', 'letter.pdf']);
});

test("the administrator's own expression is found under its name", () => {
  const { dlpInfo } = masked.files.get('staff.txt').scanResult;
  expect(dlpInfo.hits).toEqual({
    regex_1: expect.objectContaining({ display_name: 'Staff Number', count: 1, left_out: 0 }),
  });
  expect(dlpInfo.hits.regex_1.hits[0].hit).toBe('***-******');
});

test('what is less certain than the workflow asks for is reported, and allowed', () => {
  const shipped = masked.files.get('shipped.txt');
  expect(shipped).toMatchObject({ status: 'Allowed', detections: [] });
  expect(shipped.scanResult.dlpInfo).toMatchObject({ verdict: 2, severity: 1 });
  expect(shipped.scanResult.dlpInfo.hits.ccn.hits).toEqual([
    expect.objectContaining({ certainty: 'Very Low', severity: 1 }),
  ]);
  expect(masked.files.get('clean.txt')).toMatchObject({ status: 'Allowed', scanResult: { dlpInfo: { verdict: 0 } } });
});

const digitsOf = (text: string): string => text.replaceAll(/[^0-9A-Za-z*]/g, '');
const NUMBERS = [CARD, '5500-0000-0000-0004', 'STF-123456', KEY.slice(0, 40), KEY.slice(400, 440)].map(digitsOf);
const leaksIn = (text: string): string[] => NUMBERS.filter((number) => digitsOf(text).includes(number));

test('no number stands anywhere: database, log, API, report, command line', async () => {
  for (const name of masked.files.keys()) {
    expect(leaksIn(JSON.stringify(masked.files.get(name)))).toEqual([]);
  }
  const { id } = masked.files.get('letters.zip');
  expect(leaksIn((await assay('file', id)).stdout)).toEqual([]);
  for (const format of ['json', 'csv']) {
    expect(leaksIn((await assay('report', masked.id, '--format', format)).stdout)).toEqual([]);
  }
  if (!lacks('pdftotext')) {
    const pdf = join(folder.path, 'report.pdf');
    expect((await assay('report', masked.id, '--format', 'pdf', '-o', pdf)).exitCode).toBe(0);
    const text = Bun.spawnSync(['pdftotext', '-layout', pdf, '-']).stdout.toString();
    expect(text).toContain('cards.csv');
    expect(leaksIn(text)).toEqual([]);
  }
  const state = join(folder.path, 'state');
  const databases = readdirSync(state).filter((name) => name.startsWith('assay.db'));
  expect(databases.length).toBeGreaterThan(0);
  for (const name of databases) expect(leaksIn(readFileSync(join(state, name)).toString('latin1'))).toEqual([]);
  expect(leaksIn(daemon.output())).toEqual([]);
});

test('a report is filtered by sensitive data, and only these files are looked at again', async () => {
  const page = await api(`/api/scan/${masked.id}/files?detection=SensitiveData`);
  expect(page.entries.map(({ name }: any) => name).sort()).toEqual(ALL_FOUND);
  const filter = { status: ['Blocked'], detection: ['SensitiveData'] };
  const { count } = await api(`/api/scan/${masked.id}/reprocess/preview`, post(filter));
  expect(count).toBe(page.entries.length);
});

test('a workflow that shows sensitive data has it as it is, also of files that were looked into before', async () => {
  const shown = await scan('shown', { showSensitiveData: true, sensitiveDataThreshold: 100 });
  for (const name of FOUND) {
    const file = shown.files.get(name);
    expect(leaksIn(JSON.stringify(file))).not.toEqual([]);
  }
  expect(leaksIn(daemon.output())).toEqual([]);
  const again = await scan('masked again', {});
  for (const file of again.files.values()) expect(leaksIn(JSON.stringify(file))).toEqual([]);
});

test('assay file shows what was found, and where', async () => {
  const { stdout } = await assay('file', masked.files.get('letters.zip').id);
  expect(stdout).toMatch(/Credit Card Number +Very High \(\d+\) +.*\*\*\*\* \*\*\*\* \*\*\*\* 1881.*letter\.docx/);
});

test('the lists of a workflow go before all that engines say, and are named as the reason', async () => {
  const { sha256 } = masked.files.get('cards.csv').scanResult.fileInfo;
  const listed = await scan('listed', {
    allow: [{ sha256, reason: 'made up' }],
    block: [{ name: 'clean.*' }],
  });
  expect(listed.files.get('cards.csv')).toMatchObject({
    status: 'Allowed',
    scanResult: { scanResults: { scanAllResultI: 7, scanAllResultA: 'Allowlisted' } },
  });
  const clean = listed.files.get('clean.txt');
  expect(clean).toMatchObject({
    status: 'Blocked',
    scanResult: { scanResults: { scanAllResultI: 8, scanAllResultA: 'Blocklisted' } },
  });
  expect((await assay('file', clean.id)).stdout).toContain('block list of the workflow (name clean.*)');
  // A member that is allowed says nothing about the others.
  expect(listed.files.get('letters.zip')).toMatchObject({ status: 'Blocked' });
});
