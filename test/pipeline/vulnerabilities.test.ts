import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDatabase } from '../../plugins/vulnerabilities/fixtures/database';
import type { App } from '../../src/app';
import { newId } from '../../src/core/id';
import { createComponents } from '../../src/core/vulnerability';
import { WorkflowDefinition } from '../../src/core/workflow';
import { makePackages, PACKAGES } from '../fixtures/packages';
import { lacks } from '../needs';
import { addStorage, resultsOf, scanStorage, startTestApp, temporaryFolder } from './app';

const NEEDED = ['zip', 'dpkg-deb', 'rpmbuild'] as const;
const missing = lacks(...NEEDED);

let folder: ReturnType<typeof temporaryFolder>;
let database: Awaited<ReturnType<typeof makeDatabase>>;
let app: App;
let share: string;
let storageId: string;

beforeAll(async () => {
  if (missing) return;
  folder = temporaryFolder();
  database = await makeDatabase();
  share = join(folder.path, 'share');
  makePackages(share);
  writeFileSync(join(share, 'note.txt'), 'nothing to do with software');
  const engines = { yara: {}, vulnerabilities: { database: database.path } };
  app = await startTestApp(join(folder.path, 'data'), { engines: { engines, plugins: [] } });
  storageId = await addStorage(app, share);
});
afterAll(async () => {
  if (missing) return;
  await app.stop();
  database.remove();
  folder.remove();
});

const vulnerableIn = ({ answers, inside }: { answers: any[]; inside?: { answers: any[] } }) => {
  const components = createComponents();
  for (const { vulnerabilities } of [...answers, ...(inside?.answers ?? [])]) components.add(vulnerabilities ?? []);
  return components.list();
};

describe.skipIf(missing)('packages made by their own tools', () => {
  test('are Blocked with the CVE and the version that mends it, each by the rules of its own ecosystem', async () => {
    const results = await resultsOf(app, (await scanStorage(app, storageId)).id);
    const told = Object.fromEntries(
      Object.keys(PACKAGES).map((name) => {
        const { verdict, findings } = results.get(name)!.history[0]!;
        const [worst] = vulnerableIn(findings);
        const { aliases = [], fixed } = worst?.vulnerabilities[0] ?? {};
        const found = worst && { name: worst.name, cve: aliases.find((one) => one.startsWith('CVE-')), fixed };
        return [
          name,
          { resultCode: verdict.resultCode, status: verdict.status, found, detections: verdict.detections },
        ];
      }),
    );
    const expected = Object.entries(PACKAGES).map(([name, { knows }]) => [
      name,
      knows === undefined
        ? { resultCode: 0, status: 'Allowed', found: undefined, detections: [] }
        : { resultCode: 18, status: 'Blocked', found: knows, detections: ['Vulnerability'] },
    ]);
    expect(told).toEqual(Object.fromEntries(expected));
    expect(results.get('note.txt')!.history[0]!.verdict).toMatchObject({ resultCode: 0, status: 'Allowed' });
  });

  test('that lie in one another are told once, with the members that they lie in', async () => {
    const results = await resultsOf(app, (await scanStorage(app, storageId)).id);
    const { findings, verdict } = results.get('application.war')!.history[0]!;
    const jar = 'WEB-INF/lib/log4j-core-2.14.1.jar';
    expect(verdict.explanation).toContain(`In ${jar}/META-INF/`);
    const [component, ...others] = findings.inside!.answers.find(({ engineId }) => engineId === 'vulnerabilities')!
      .vulnerabilities!;
    expect(others).toEqual([]);
    expect(component).toMatchObject({
      name: 'org.apache.logging.log4j:log4j-core',
      version: '2.14.1',
      total: 2,
      places: [
        `${jar}/META-INF/MANIFEST.MF`,
        `${jar}/META-INF/maven/org.apache.logging.log4j/log4j-core/pom.properties`,
      ],
    });
    expect(component!.vulnerabilities[0]).toMatchObject({ severity: 'critical', score: 10 });
  });

  test('below the threshold of the workflow are Allowed, and reported; what another engine did not do is not forgiven', async () => {
    const workflow = async (name: string, definition: object) => {
      const id = newId();
      const whole = WorkflowDefinition.parse({ vulnerabilityThreshold: 'critical', ...definition });
      await app.store.workflows.insert({ id, name, revision: 1, definition: whole, createdAt: 0 }, false);
      return id;
    };
    const scan = async (workflowId: string) => {
      const { id } = await app.scans.start({ storageId, workflowId }, 'test');
      await app.scans.ended(id);
      return resultsOf(app, id);
    };
    const results = await scan(await workflow('critical only', {}));
    const of = (name: string) => results.get(name)!.history[0]!;
    expect(of('log4j-core-2.14.1.jar').verdict).toMatchObject({ resultCode: 18, status: 'Blocked' });
    const lodash = of('lodash-4.17.20.tgz');
    expect(lodash.verdict).toMatchObject({ resultCode: 0, status: 'Allowed', detections: [] });
    expect(vulnerableIn(lodash.findings)).toMatchObject([{ name: 'lodash', vulnerabilities: [{ severity: 'high' }] }]);

    const lacking = await scan(await workflow('an engine is missing', { engines: ['vulnerabilities', 'absent'] }));
    expect(lacking.get('program-of-go')!.history[0]!.verdict).toMatchObject({ resultCode: 3, state: 'Failed' });
    const alone = await scan(await workflow('nobody else looks', { engines: ['vulnerabilities'] }));
    expect(alone.get('note.txt')!.history[0]!.verdict).toMatchObject({ resultCode: 10, status: 'Blocked' });
    // It found nothing that counts, which says nothing of threats.
    expect(alone.get('program-of-go')!.history[0]!.verdict).toMatchObject({ resultCode: 10, status: 'Blocked' });
  });
});
