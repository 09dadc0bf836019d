import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cms } from '../../src/unpack/cms';
import { readAll } from '../../src/unpack/fixtures/read-all';
import { inWords, readMade } from '../../src/unpack/fixtures/read-made';
import { mail } from '../../src/unpack/mail';
import { pgp } from '../../src/unpack/pgp';
import { lacks } from '../needs';

const TEXT = 'Content-Type: text/plain\r\n\r\nwords\r\n';

let dir: string;
const at = (name: string) => join(dir, name);
const run = (...command: string[]) => {
  const { exitCode, stderr } = Bun.spawnSync(command, { cwd: dir, env: { ...process.env, GNUPGHOME: dir } });
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
};
const openssl = (...args: string[]) => run('openssl', ...args);
const gpg = (...args: string[]) =>
  run(
    'gpg',
    '--batch',
    '--no-auto-key-locate',
    '--trust-model',
    'always',
    '--pinentry-mode',
    'loopback',
    '--passphrase',
    'x',
    ...args,
  );

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-sealed-'));
  writeFileSync(at('text'), TEXT);
});
afterAll(() => rmSync(dir, { recursive: true }));

describe.skipIf(lacks('openssl'))('a message of S/MIME', () => {
  beforeAll(() => {
    const subject = ['-subj', '/CN=a', '-days', '2'];
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key', '-out', 'cert', ...subject);
  });

  const sign = (out: string, ...how: string[]) =>
    openssl('cms', '-sign', '-in', 'text', '-signer', 'cert', '-inkey', 'key', '-outform', 'DER', '-out', out, ...how);

  test('that is signed as a whole gives out what is signed, in one piece or many', async () => {
    writeFileSync(at('text'), TEXT + 'x'.repeat(100_000));
    sign('whole.p7m', '-nodetach', '-binary');
    sign('document.txt.p7m', '-nodetach', '-binary', '-stream');
    const expected = readFileSync(at('text'));
    expect(await readAll(cms, at('whole.p7m'))).toEqual([{ name: 'whole.eml', content: expected }]);
    expect(await readAll(cms, at('document.txt.p7m'))).toEqual([{ name: 'document.txt', content: expected }]);

    writeFileSync(at('cut.p7m'), readFileSync(at('whole.p7m')).subarray(0, 5000));
    expect(await readAll(cms, at('cut.p7m'))).toEqual([{ name: 'cut.eml', trouble: 'damaged' }]);
    writeFileSync(at('text'), TEXT);
  });

  test('that is signed beside the text holds nothing', async () => {
    sign('beside.p7s');
    expect(await readAll(cms, at('beside.p7s'))).toEqual([]);
  });

  test('that is encrypted says so', async () => {
    for (const how of [['-aes128'], ['-aes-256-gcm']]) {
      openssl('cms', '-encrypt', ...how, '-in', 'text', '-outform', 'DER', '-out', 'locked.p7m', 'cert');
      expect(await readAll(cms, at('locked.p7m'))).toEqual([{ trouble: 'encrypted' }]);
    }
  });

  test('comes out of a mail as it is', async () => {
    openssl('cms', '-encrypt', '-in', 'text', '-out', 'locked.eml', 'cert');
    const [member] = await readAll(mail, at('locked.eml'));
    expect(member?.name).toBe('smime.p7m');
    expect(await readMade(cms, member?.content ?? '')).toEqual([{ trouble: 'encrypted' }]);
  });

  test('that makes no sense is damaged', async () => {
    sign('whole.p7m', '-nodetach');
    const bytes = readFileSync(at('whole.p7m'));
    bytes.fill(0xff, 19, 60);
    expect(await readMade(cms, bytes)).toEqual([{ trouble: 'damaged' }]);
  });
});

describe.skipIf(lacks('gpg'))('a message of OpenPGP', () => {
  afterAll(() => run('gpgconf', '--kill', 'gpg-agent'));

  test('that is encrypted for a key or with a password says so, as bytes and as text', async () => {
    gpg('--quick-gen-key', 'a <a@example.org>', 'rsa2048', 'encr', 'never');
    gpg('--quick-gen-key', 'b <b@example.org>', 'default', 'default', 'never');
    const kinds = [
      ['-r', 'a@example.org', '-e'],
      ['-r', 'b@example.org', '-e'],
      ['-r', 'a@example.org', '--hidden-recipient', 'b@example.org', '-e'],
      ['--symmetric'],
      ['--symmetric', '--cipher-algo', '3DES', '--s2k-digest-algo', 'SHA1'],
    ];
    for (const kind of kinds) {
      for (const armor of [[], ['--armor']]) {
        gpg('--yes', ...armor, '-o', 'locked', ...kind, 'text');
        expect(await readAll(pgp, at('locked')), kind.join(' ')).toEqual([{ trouble: 'encrypted' }]);
      }
    }
    // A minute may pass until enough randomness is gathered for two keys.
  }, 120_000);

  test('that is only signed says that it is not read', async () => {
    gpg('--yes', '--armor', '-o', 'signed', '-u', 'b@example.org', '--sign', 'text');
    expect(await readAll(pgp, at('signed'))).toEqual([{ trouble: 'unsupported' }]);
  });

  test('lies in the second part of a mail', async () => {
    gpg('--yes', '--armor', '-o', 'locked', '--symmetric', 'text');
    const head =
      'From: a@example.org\nTo: b@example.org\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\n\n';
    const parts = `--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: application/octet-stream; name=encrypted.asc\n\n${readFileSync(at('locked'))}\n--b--\n`;
    const members = await readMade(mail, head + parts);
    expect(inWords(members)[0]).toBe('part-1.asc: Version: 1\n');
    expect(members[1]?.name).toBe('encrypted.asc');
    expect(await readMade(pgp, members[1]?.content ?? '')).toEqual([{ trouble: 'encrypted' }]);
  });
});
