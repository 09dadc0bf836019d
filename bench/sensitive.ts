import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './corpus';
import { type Labelled, labelled } from './corpus/labelled';
import { createRandom } from './corpus/random';
import { type Report, round } from './figures';

const EACH = 25;
const THRESHOLDS = [20, 50, 80];

/** The names by which the engine tells its types. */
const TYPES: { [type: string]: string } = {
  ccn: 'SensitiveData.CreditCardNumber',
  ssn: 'SensitiveData.SocialSecurityNumber',
  iban: 'SensitiveData.InternationalBankAccountNumber',
  private_key: 'SensitiveData.PrivateKey',
  secret: 'SensitiveData.CloudSecret',
};

/** What one scan finds in the files, by their names. */
const scan = async (folder: string, threshold: number): Promise<Map<string, string>> => {
  const config = join(folder, 'assay.yaml');
  const workflow = join(folder, 'workflow.yaml');
  writeFileSync(config, 'engines: { sensitive-data: {} }\n');
  writeFileSync(workflow, `sensitiveDataThreshold: ${threshold}\n`);
  const command = [
    process.env.ASSAY_BIN ?? '',
    'scan',
    '--json',
    '-r',
    '--config',
    config,
    '--workflow',
    workflow,
    join(folder, 'files'),
  ];
  const { stdout, stderr, exitCode } = Bun.spawnSync(command);
  if (exitCode > 1) throw new Error(stderr.toString());
  const files = stdout
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'file');
  return new Map(
    files.map(({ path, outcome, name }) => [path.slice(path.lastIndexOf('/') + 1), outcome === 'FOUND' ? name : '']),
  );
};

const rate = (files: Labelled[], found: Map<string, string>, type: string) => {
  const hits = files.filter(({ name }) => found.get(name) === TYPES[type]);
  const right = hits.filter(({ holds }) => holds === type).length;
  const all = files.filter(({ holds }) => holds === type).length;
  return {
    precision: hits.length === 0 ? 1 : right / hits.length,
    recall: right / all,
    found: hits.length,
    right,
    all,
  };
};

/** What the `sensitive-data` engine finds in a labelled set, and what it takes for sensitive data that is none. */
export const sensitive = async (): Promise<Report> => {
  const folder = scratch('sensitive');
  try {
    const files = labelled(createRandom('sensitive'), EACH);
    mkdirSync(join(folder.path, 'files'));
    for (const { name, text } of files) writeFileSync(join(folder.path, 'files', name), text);
    const figures: { [threshold: string]: { [type: string]: ReturnType<typeof rate> } } = {};
    for (const threshold of THRESHOLDS) {
      const found = await scan(folder.path, threshold);
      figures[threshold] = Object.fromEntries(Object.keys(TYPES).map((type) => [type, rate(files, found, type)]));
    }
    const rows = Object.entries(figures).flatMap(([threshold, byType]) =>
      Object.entries(byType).map(([type, { precision, recall, found, right, all }]) => [
        threshold,
        type,
        round(precision),
        round(recall),
        `${right} of ${all}`,
        String(found - right),
      ]),
    );
    return {
      title: `Sensitive data: ${files.length} labelled files, of which ${files.filter(({ holds }) => holds).length} hold some`,
      head: ['threshold', 'type', 'precision', 'recall', 'found', 'wrongly'],
      rows,
      notes: ['The set is made up, by the same people as the engine: it tells of changes, not of your files.'],
      figures,
    };
  } finally {
    folder.remove();
  }
};
