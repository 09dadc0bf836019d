import { afterAll, beforeAll } from 'bun:test';
import vulnerabilities from '../../plugins/vulnerabilities';
import { makeDatabase } from '../../plugins/vulnerabilities/fixtures/database';
import { goBuildInfo, makeElf } from '../../plugins/vulnerabilities/fixtures/programs';
import { conformance } from './conformance';

let database: Awaited<ReturnType<typeof makeDatabase>>;
beforeAll(async () => {
  database = await makeDatabase();
});
afterAll(() => database.remove());

const program = (net: string) => () =>
  makeElf({
    '.go.buildinfo': goBuildInfo(
      'go1.22.3',
      `path\tx\nmod\texample.com/x\t(devel)\t\ndep\tgolang.org/x/net\t${net}\th1:\n`,
    ),
  });

conformance('vulnerabilities', {
  engine: vulnerabilities,
  options: () => ({ database: database.path }),
  infected: program('v0.5.0'),
  clean: program('v0.7.0'),
});
