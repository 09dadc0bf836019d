import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../core/fault';
import { type LoadOptions, loadConfig } from './load';

const folder = mkdtempSync(join(tmpdir(), 'assay-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
const fileOf = (yaml: string): string => {
  const file = join(folder, `${++count}.yaml`);
  writeFileSync(file, yaml);
  return file;
};
const nowhere = join(folder, 'absent.yaml');
const load = (yaml: string, options: LoadOptions = {}) => loadConfig({ path: fileOf(yaml), ...options });
const faultOf = (act: () => unknown): Fault => {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('no fault');
};
/** The fault for a file, with the file's own path taken out. */
const wrong = (yaml: string) => {
  const path = fileOf(yaml);
  const fault = faultOf(() => loadConfig({ path }));
  expect(fault.code).toBe('CONFIG_INVALID');
  return { message: fault.message.replaceAll(path, 'F'), hint: fault.hint };
};

describe('without a file', () => {
  test('all is default, and what depends on dataDir follows it', () => {
    const { config, file } = loadConfig({ defaultPath: nowhere });
    expect(file).toBeUndefined();
    expect(config.listen).toBe('127.0.0.1:8787');
    expect(config.socket).toBe('/var/lib/assay/assay.sock');
    expect(config.database).toEqual({ url: 'file:/var/lib/assay/assay.db' });
    expect(config.scan.threads).toBeGreaterThan(0);
    expect(config.scan.backoff).toBe(2000);
    expect(config.scan.memoryLimit).toBe(1_500_000_000);
    expect(config.engines).toBeUndefined();
  });

  test('what is to hold when nothing is configured stands below the environment', () => {
    const unconfigured = { dataDir: './.assay' };
    const dataDir = (options: LoadOptions) => loadConfig({ unconfigured, folder: '/w', ...options }).config.dataDir;
    expect(dataDir({ defaultPath: nowhere })).toBe('/w/.assay');
    expect(dataDir({ defaultPath: nowhere, env: { ASSAY_DATA_DIR: '/e' } })).toBe('/e');
    expect(dataDir({ path: fileOf('listen: :1') })).toBe('/var/lib/assay');
  });
});

describe('precedence', () => {
  test('is flag, environment, file, default', () => {
    const yaml = 'listen: 127.0.0.1:1\nscan: { threads: 2, attempts: 9 }\n';
    const env = { ASSAY_LISTEN: '127.0.0.1:2', ASSAY_SCAN_THREADS: '3', ASSAY_LOG_LEVEL: '' };
    expect(load(yaml).config.listen).toBe('127.0.0.1:1');
    expect(load(yaml, { env }).config).toMatchObject({ listen: '127.0.0.1:2', scan: { threads: 3, attempts: 9 } });
    const flags = { listen: '127.0.0.1:3', 'scan.threads': 4, dataDir: undefined };
    expect(load(yaml, { env, flags }).config).toMatchObject({ listen: '127.0.0.1:3', scan: { threads: 4 } });
    expect(load(yaml, { env }).config.log.level).toBe('info');
  });

  test('ASSAY_CONFIG names the file, and --config goes before it', () => {
    const [one, two] = [fileOf('listen: :1'), fileOf('listen: :2')];
    expect(loadConfig({ env: { ASSAY_CONFIG: one } }).config.listen).toBe(':1');
    expect(loadConfig({ env: { ASSAY_CONFIG: one }, path: two })).toMatchObject({
      file: two,
      config: { listen: ':2' },
    });
  });

  test('lists come out of the environment split at commas', () => {
    const env = { ASSAY_ALLOWED_HOSTS: 'a.example, b.example' };
    expect(loadConfig({ env, defaultPath: nowhere }).config.allowedHosts).toEqual(['a.example', 'b.example']);
  });
});

describe('values', () => {
  test('durations and sizes are written for people', () => {
    const { scan } = load('scan: { backoff: 1.5m, memoryLimit: 4GiB}').config;
    expect(scan).toMatchObject({ backoff: 90_000, memoryLimit: 4 * 2 ** 30 });
  });

  test('relative paths start at the file, or outside one at the working directory', () => {
    const { config } = load('dataDir: state\nplugins: [a.ts, /b.ts]\nstorages: [{ name: s, path: files }]');
    expect(config.dataDir).toBe(join(folder, 'state'));
    expect(config.plugins).toEqual([join(folder, 'a.ts'), '/b.ts']);
    expect(config.storages).toEqual([{ name: 's', path: join(folder, 'files') }]);
    expect(load('', { flags: { dataDir: 'x' }, folder: '/w' }).config.dataDir).toBe('/w/x');
  });

  test('a key with nothing behind it is a key that is not there', () => {
    expect(load('scan:\n  # threads: 4\ndatabase:\nengines:\n').config).toMatchObject({ scan: { attempts: 3 } });
    expect(load('engines:\n  yara:\n').config.engines).toEqual({ yara: null });
  });

  test('a token comes from a file, and the environment goes before it', () => {
    const yaml = `database: { url: 'libsql://db', authTokenFile: ${fileOf('s3cret\n')} }`;
    expect(load(yaml).config.database).toEqual({ url: 'libsql://db', authToken: 's3cret' });
    expect(load(yaml, { env: { ASSAY_DATABASE_AUTH_TOKEN: 't' } }).config.database.authToken).toBe('t');
    expect(wrong('database: { authTokenFile: /no/such }').message).toStartWith(
      'F:1:28: database.authTokenFile: ENOENT',
    );
  });
});

describe('what is wrong is named with its place', () => {
  test('an unknown key, with the one that was meant', () => {
    expect(wrong('listen: :1\n\n# c\nengnies: {}\n')).toEqual({
      message: 'F:4:1: unknown key "engnies"',
      hint: 'did you mean "engines"?',
    });
    expect(wrong('scan:\n  thread: 1\n').message).toBe('F:2:3: unknown key "scan.thread"');
    expect(wrong('data_dir: /x').hint).toBe('did you mean "dataDir"?');
    expect(wrong('log: { colour: red }').hint).toBe('log takes level');
  });

  test('a wrong type or value, with what was expected', () => {
    expect(wrong('scan:\n  threads: many\n').message).toBe('F:2:12: scan.threads: expected number, received string');
    expect(wrong('scan: { backoff: 2 weeks }').message).toContain('expected a duration such as 30s');
    expect(wrong('scan: { memoryLimit: 1500 }').message).toBe('F:1:22: scan.memoryLimit: expected at least 256MB');
    expect(wrong('log: { level: loud }').message).toContain('expected one of "debug"|"info"|"warn"|"error"');
    expect(wrong('listen: 8787').message).toBe('F:1:9: listen: expected string, received number');
    expect(wrong('listen: here').message).toContain('expected HOST:PORT');
    expect(wrong('storages:\n  - name: a\n').message).toBe(
      'F:2:5: storages[0].path: expected string, but it is missing',
    );
  });

  test('all problems at once', () => {
    expect(wrong('a: 1\nlisten: 2\n').message.split('\n')).toHaveLength(2);
  });

  test('an environment variable or a flag by its name', () => {
    const message = (options: LoadOptions) => faultOf(() => loadConfig({ defaultPath: nowhere, ...options })).message;
    expect(message({ env: { ASSAY_SCAN_THREADS: 'x' } })).toStartWith('ASSAY_SCAN_THREADS: scan.threads: expected');
    expect(message({ flags: { dataDir: '' } })).toStartWith('--data-dir: dataDir:');
  });

  test('a value is never shown, for it may be a secret', () => {
    expect(JSON.stringify(wrong('database: { authToken: [s3cret] }'))).not.toContain('s3cret');
  });

  test('what is not YAML, a key given twice, a list, a file that is not there', () => {
    expect(wrong('listen: :1\n\tscan: {}\n').message).toStartWith('F:2:1: not YAML:');
    expect(wrong('listen: :1\nlisten: :2\n').message).toStartWith('F:2:1: not YAML: Map keys must be unique');
    expect(wrong('- listen').message).toStartWith('F:1:1: expected keys and values');
    expect(faultOf(() => loadConfig({ path: nowhere })).message).toContain('does not exist');
    expect(faultOf(() => loadConfig({ env: { ASSAY_CONFIG: nowhere } })).message).toContain('does not exist');
  });
});
