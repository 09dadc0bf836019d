import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerOf } from '../answer';
import { writeRecords } from '../fixtures/database';
import { RECORDS } from '../fixtures/records';
import { importRecords } from './import';
import { openVulnerabilities } from './open';

let folder: string;
let records: string;
let database: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'osv-'));
  records = join(folder, 'records');
  database = join(folder, 'data', 'vulnerabilities.db');
  writeRecords(records, RECORDS);
});
afterEach(() => rmSync(folder, { recursive: true }));

const found = (ecosystem: string, name: string, version: string) => {
  const opened = openVulnerabilities(database);
  try {
    const answer = answerOf([{ ecosystem, names: [name], version }], opened);
    return answer.status === 'detected' ? answer.vulnerabilities![0]!.vulnerabilities : answer.status;
  } finally {
    opened.close();
  }
};

describe('an import', () => {
  test('leaves out what was withdrawn and what nobody recognizes, and counts what is no record', async () => {
    writeFileSync(join(records, 'broken.json'), '{');
    writeFileSync(join(records, 'other.json'), '[]');
    const { imported } = await importRecords([records], database);
    expect(imported).toMatchObject({ records: 14, withdrawn: 1, leftOut: 1, malformed: 2 });
    expect(found('npm', 'lodash', '4.17.21')).toBe('clean');
  });

  test('tells one vulnerability of several sources once, with the CVE in front and the better rating', async () => {
    await importRecords([records], database);
    const [first, ...others] = found('PyPI', 'URLlib3', '2.0.5') as any[];
    expect(others).toEqual([]);
    expect(first).toMatchObject({ id: 'GHSA-v845-jxx5-vc9f', fixed: '2.0.6', severity: 'medium', score: 5.9 });
    expect(first.aliases).toEqual(['CVE-2023-43804', 'PYSEC-2023-192']);
  });

  test('is the same version for the same records, however they come, and another one for others', async () => {
    const zip = join(folder, 'all.zip');
    const packed = Bun.spawnSync(['python3', '-m', 'zipfile', '-c', zip, records], { stderr: 'inherit' });
    expect(packed.exitCode).toBe(0);
    const { imported: plain } = await importRecords([records], database);
    const { imported: zipped } = await importRecords([zip, records], database);
    expect(zipped).toMatchObject({ digest: plain!.digest, records: plain!.records });
    const newer = { ...RECORDS[0]!, modified: '2026-01-01T00:00:00Z' };
    writeRecords(records, [newer]);
    expect((await importRecords([records], database)).imported!.digest).not.toBe(plain!.digest);
  });

  test('without any record, or that fails, leaves what is there as it is, and nothing beside it', async () => {
    await importRecords([records], database);
    rmSync(records, { recursive: true });
    writeRecords(records, []);
    writeFileSync(join(records, 'a.json'), 'nothing');
    const none = { malformed: 1, firstMalformed: join(records, 'a.json') };
    expect(await importRecords([records], database)).toEqual(none);
    await expect(importRecords([join(folder, 'nowhere')], database)).rejects.toThrow('ENOENT');
    writeFileSync(join(folder, 'damaged.zip'), 'PK\x03\x04 and no more');
    await expect(importRecords([join(folder, 'damaged.zip')], database)).rejects.toThrow();
    expect(readdirSync(join(folder, 'data'))).toEqual(['vulnerabilities.db']);
    expect(found('npm', 'lodash', '4.17.20')).toBeArray();
  });

  test('does not follow links out of the folder, and takes of two records with one id the newer', async () => {
    symlinkSync('/', join(records, 'root'));
    const newer = { ...RECORDS[0]!, modified: '2026-01-01T00:00:00Z', summary: 'newer' };
    writeRecords(join(records, 'again'), [newer]);
    await importRecords([records], database);
    expect(found('Maven', 'org.apache.logging.log4j:log4j-core', '2.14.1')).toMatchObject([{ summary: 'newer' }, {}]);
  });
});

test('what is no database of this version says so, and what to do', () => {
  expect(() => openVulnerabilities(database)).toThrow('import one with "assay vulnerabilities import PATH"');
  writeFileSync(join(folder, 'other'), 'not SQLite at all, but long enough to be looked at'.repeat(20));
  expect(() => openVulnerabilities(join(folder, 'other'))).toThrow('is no vulnerability database');
  expect(existsSync(database)).toBe(false);
});
