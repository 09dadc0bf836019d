import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import clamav from '../../plugins/clamav';
import { encrypted, nested } from '../../plugins/clamav/alerts';
import { answerOf } from '../../plugins/clamav/reply';
import type { Answer, OpenEngine } from '../../src/engines/contract';
import { type Clamd, eicar, hasClamd, startClamd } from '../servers/clamd';
import { conformance, openEngine } from './conformance';
import { openFile } from './file';

setDefaultTimeout(30_000);

/** Accepts connections and never answers. */
const deafServer = (socket: string) => Bun.listen({ unix: socket, socket: { data() {} } });

const TESTFILES = '/usr/share/clamav-testfiles';
const never = new AbortController().signal;

describe.if(hasClamd)('clamav with a real clamd', () => {
  let clamd: Clamd;
  let silent: Clamd;
  beforeAll(async () => {
    [clamd, silent] = await Promise.all([
      startClamd(),
      startClamd(['AlertExceedsMax no', 'AlertEncrypted no', 'MaxFileSize 1M', 'StreamMaxLength 2M']),
    ]);
  });
  afterAll(async () => {
    await clamd.remove();
    await silent.remove();
  });

  let count = 0;
  const write = (content: Uint8Array) => {
    const path = join(clamd.folder, `file-${count++}`);
    writeFileSync(path, content);
    return path;
  };
  const scanPath = async (engine: OpenEngine, path: string, type?: string): Promise<Answer> => {
    using file = openFile(path);
    return await engine.scan(type ? { ...file, type } : file, { signal: never });
  };
  const scan = (engine: OpenEngine, content: Uint8Array, type?: string) => scanPath(engine, write(content), type);
  const sparse = (size: number) => {
    const path = write(new Uint8Array());
    const fd = openSync(path, 'r+');
    ftruncateSync(fd, size);
    closeSync(fd);
    return path;
  };

  const EICAR: Answer = { status: 'detected', name: 'Eicar-Test-Signature.UNOFFICIAL', kind: 'Threat' };
  const ways = [
    ['fildes', () => ({ socket: clamd.socket })],
    ['instream over the Unix socket', () => ({ socket: clamd.socket, transfer: 'instream' })],
    ['instream over TCP', () => ({ host: '127.0.0.1', port: clamd.port })],
  ] as const;

  for (const [way, options] of ways) {
    conformance(`clamav by ${way}`, {
      engine: clamav,
      options,
      infected: eicar,
      clean: () => Buffer.from('nothing to see here\n'),
    });

    test(`${way}: sees a signature within a large file and within archives`, async () => {
      await using engine = await openEngine(clamav, options);
      for (const name of ['clam.zip', 'clam.7z', 'clam.cab', 'clam.tar.gz', 'clam.exe']) {
        const answer = await scanPath(engine, join(TESTFILES, name));
        expect(answer).toEqual({ status: 'detected', name: 'ClamAV-Test-File.UNOFFICIAL', kind: 'Threat' });
      }
      const random = crypto.getRandomValues(new Uint8Array(65_536));
      expect(await scan(engine, Buffer.concat(Array(80).fill(random)))).toEqual({ status: 'clean' });
      expect(await scan(engine, eicar())).toEqual(EICAR);
    });

    test(`${way}: answers each of 500 concurrent scans with its own file's answer`, async () => {
      await using engine = await openEngine(clamav, options);
      const order = Array.from({ length: 500 }, (_, i) => i % 7 === 0);
      const [bad, good] = [write(eicar()), write(Buffer.from('good'.repeat(100)))];
      const answers = await Promise.all(order.map((infected) => scanPath(engine, infected ? bad : good)));
      expect(answers.map((answer) => answer.status)).toEqual(
        order.map((infected) => (infected ? 'detected' : 'clean')),
      );
    });
  }

  test('judges the opened file, not what is at its path by now', async () => {
    await using engine = await openEngine(clamav, { socket: clamd.socket });
    const path = write(eicar());
    using file = openFile(path);
    unlinkSync(path);
    writeFileSync(path, 'harmless now');
    expect(await engine.scan(file, { signal: never })).toEqual(EICAR);
  });

  test('tells what was not looked into by kind and result code', async () => {
    await using engine = await openEngine(clamav, { socket: clamd.socket });
    expect(await scan(engine, encrypted())).toMatchObject({ status: 'detected', kind: 'Encrypted' });
    expect(await scan(engine, nested())).toMatchObject({ status: 'detected', kind: 'Unscannable', resultCode: 9 });
    expect(await scanPath(engine, sparse(101 * 1024 ** 2))).toMatchObject({ kind: 'Unscannable', resultCode: 13 });
  });

  test('speaks for the inside of a container only where clamd tells limits and passwords', async () => {
    await using telling = await openEngine(clamav, { socket: clamd.socket });
    await using quiet = await openEngine(clamav, { socket: silent.socket, config: silent.config });
    const gzip = Bun.gzipSync(Buffer.from('harmless'));
    expect(await scan(telling, gzip, 'application/gzip')).toEqual({ status: 'clean', looksInside: true });
    expect(await scan(quiet, gzip, 'application/gzip')).toEqual({ status: 'clean' });
  });

  test('never takes the OK of a silent clamd for clean above its limits', async () => {
    await using configured = await openEngine(clamav, { socket: silent.socket, config: silent.config });
    await using told = await openEngine(clamav, { socket: silent.socket, limits: { maxFileSize: 1024 ** 2 } });
    await using untold = await openEngine(clamav, { socket: silent.socket });
    for (const engine of [configured, told]) {
      expect(await scanPath(engine, sparse(1024 ** 2 + 1))).toMatchObject({
        status: 'skipped',
        reason: expect.stringContaining('MaxFileSize'),
      });
      expect(await scanPath(engine, sparse(1024 ** 2))).toEqual({ status: 'clean' });
    }
    expect(await scanPath(untold, sparse(101 * 1024 ** 2))).toMatchObject({ status: 'skipped' });
  });

  test('a stream that clamd refuses as too long is skipped, and the next file has its answer', async () => {
    const options = { socket: silent.socket, transfer: 'instream', sessions: 1, limits: { maxFileSize: 0 } };
    await using engine = await openEngine(clamav, options);
    for (let i = 0; i < 3; i++) {
      expect(await scanPath(engine, sparse(50 * 1024 ** 2))).toMatchObject({
        status: 'skipped',
        reason: expect.stringContaining('size limit'),
      });
      expect(await scan(engine, eicar())).toEqual(EICAR);
    }
  });

  test('says that clamd cannot be reached, and answers again once it is back', async () => {
    const own = await startClamd();
    try {
      await using engine = await openEngine(clamav, { socket: own.socket, sessions: 2 });
      expect(await scan(engine, eicar())).toEqual(EICAR);
      const before = await engine.definitions();
      await own.stop();
      const answer = await scan(engine, eicar());
      expect(answer).toMatchObject({ status: 'failed', retry: true });
      expect('reason' in answer && answer.reason).toContain(`clamd at ${own.socket} cannot be reached`);
      await own.start();
      expect(await scan(engine, eicar())).toEqual(EICAR);
      expect(await engine.definitions()).toEqual(before);
    } finally {
      await own.remove();
    }
  });

  test('asks again on a new connection when clamd was restarted in between, and learns its new configuration', async () => {
    const own = await startClamd();
    try {
      await using engine = await openEngine(clamav, { socket: own.socket });
      const gzip = Bun.gzipSync(Buffer.from('harmless'));
      expect(await scan(engine, gzip, 'application/gzip')).toEqual({ status: 'clean', looksInside: true });
      await own.stop();
      await own.start(['AlertExceedsMax no']);
      expect(await scan(engine, gzip, 'application/gzip')).toEqual({ status: 'clean' });
    } finally {
      await own.remove();
    }
  });

  test('outlives the idle timeouts of clamd', async () => {
    const own = await startClamd(['IdleTimeout 1', 'ReadTimeout 1', 'CommandReadTimeout 1']);
    try {
      await using engine = await openEngine(clamav, { socket: own.socket, sessions: 2 });
      for (const pause of [0, 950, 1050, 2100]) {
        await Bun.sleep(pause);
        const answers = await Promise.all([scan(engine, eicar()), scan(engine, eicar()), scan(engine, eicar())]);
        expect(answers).toEqual([EICAR, EICAR, EICAR]);
      }
    } finally {
      await own.remove();
    }
  });

  test('new signatures reach kept sessions and change the version', async () => {
    const own = await startClamd();
    try {
      await using engine = await openEngine(clamav, { socket: own.socket, config: own.config });
      const bytes = Buffer.from('a file that is known from now on');
      expect(await scan(engine, bytes)).toEqual({ status: 'clean' });
      const before = await engine.definitions();
      expect(before.version).toStartWith('ClamAV ');
      const md5 = new Bun.CryptoHasher('md5').update(bytes).digest('hex');
      await own.load('new.hdb', `${md5}:${bytes.length}:PUA.New\n`);
      // What clamd had begun with the old signatures it ends with them; the next ones must come, on the sessions that are open.
      let answer = await scan(engine, bytes);
      while (answer.status === 'clean') answer = await scan(engine, bytes);
      expect(answer).toMatchObject({ status: 'detected', kind: 'PotentiallyUnwanted' });
      await using later = await openEngine(clamav, { socket: own.socket, config: own.config });
      expect((await later.definitions()).version).not.toBe(before.version);
    } finally {
      await own.remove();
    }
  });

  test('a cancel settles what is being scanned and what waits for a session', async () => {
    await using engine = await openEngine(clamav, { socket: clamd.socket, sessions: 1 });
    await clamd.stop();
    const deaf = deafServer(clamd.socket);
    try {
      using file = openFile(write(eicar()));
      const cancel = new AbortController();
      const scans = [1, 2, 3].map(() => engine.scan(file, { signal: cancel.signal }));
      setTimeout(() => cancel.abort(), 20);
      for (const answer of await Promise.all(scans)) expect(answer).toMatchObject({ status: 'failed', retry: true });
      await using limited = await openEngine(clamav, { socket: clamd.socket, timeout: 50 });
      expect(await limited.scan(file, { signal: never })).toMatchObject({
        status: 'failed',
        reason: expect.stringContaining('within 50 ms'),
      });
    } finally {
      deaf.stop(true);
      rmSync(clamd.socket, { force: true });
      await clamd.start();
    }
    expect(await scan(engine, eicar())).toEqual(EICAR);
  });

  test('close settles what is under way', async () => {
    const deaf = deafServer(join(clamd.folder, 'deaf'));
    try {
      await using engine = await openEngine(clamav, { socket: join(clamd.folder, 'deaf'), sessions: 1 });
      using file = openFile(write(eicar()));
      const scans = [1, 2].map(() => engine.scan(file, { signal: never }));
      await Bun.sleep(10);
      await engine.close();
      for (const answer of await Promise.all(scans)) expect(answer).toMatchObject({ status: 'failed' });
    } finally {
      deaf.stop(true);
    }
  });
});

/** A clamd that answers each command of a session from a table. */
const fakeClamd = (socket: string, replies: (command: string) => string | undefined) =>
  Bun.listen<{ count: number }>({
    unix: socket,
    socket: {
      open: (client) => {
        client.data = { count: 0 };
      },
      data: (client, bytes) => {
        for (const [, command = ''] of bytes.toString('latin1').matchAll(/z([A-Z]+)\0/g)) {
          if (command === 'IDSESSION') continue;
          const reply = replies(command);
          if (reply === undefined) client.end();
          else client.write(`${++client.data.count}: ${reply}\0`);
        }
      },
    },
  });

describe('clamav with a clamd that answers as told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clamav-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the number and the date of the official signatures are told', async () => {
    const time = 'Thu Oct 16 08:10:22 2025';
    const table: Record<string, string> = { VERSION: `ClamAV 1.4.3/27800/${time}`, INSTREAM: 'stream: OK' };
    const server = fakeClamd(join(folder, 'a'), (command) => table[command] ?? 'UNKNOWN COMMAND');
    await using engine = await openEngine(clamav, { socket: join(folder, 'a') });
    const definitions = await engine.definitions();
    expect(definitions.version).toStartWith('ClamAV 1.4.3/27800 ');
    expect(definitions.date).toBe(new Date(time).toISOString());
    server.stop(true);
  });

  test('a file at which clamd dies twice has failed, and was asked exactly twice', async () => {
    let asked = 0;
    const server = fakeClamd(join(folder, 'b'), () => void asked++);
    await using engine = await openEngine(clamav, { socket: join(folder, 'b'), transfer: 'instream' });
    const path = join(folder, 'file');
    writeFileSync(path, 'x');
    using file = openFile(path);
    expect(await engine.scan(file, { signal: never })).toMatchObject({ status: 'failed', retry: true });
    expect(asked).toBe(2);
    server.stop(true);
  });
});

describe("clamd's replies", () => {
  test.each([
    ['fd[9]: Win.Test.EICAR_HDB-1 FOUND', { status: 'detected', name: 'Win.Test.EICAR_HDB-1', kind: 'Threat' }],
    ['stream: Eicar(44d88612fea8a8f36de82e1278abb02f:68) FOUND', { status: 'detected', name: 'Eicar', kind: 'Threat' }],
    ['fd[9]: PUA.Win.Packer.X FOUND', { status: 'detected', name: 'PUA.Win.Packer.X', kind: 'PotentiallyUnwanted' }],
    ['fd[9]: Heuristics.Phishing.URL.Blocked FOUND', { kind: 'Suspicious' }],
    ['fd[9]: Heuristics.OLE2.ContainsMacros.VBA FOUND', { kind: 'Suspicious' }],
    ['fd[9]: Heuristics.W32.Parite.B FOUND', { kind: 'Threat' }],
    ['fd[9]: Heuristics.Structured.SSN FOUND', { kind: 'SensitiveData' }],
    ['fd[9]: Heuristics.Encrypted.PDF FOUND', { kind: 'Encrypted' }],
    ['fd[9]: Heuristics.Limits.Exceeded.MaxFiles FOUND', { kind: 'Unscannable', resultCode: 14 }],
    ['fd[9]: Heuristics.Limits.Exceeded.MaxScanTime FOUND', { kind: 'Unscannable', resultCode: 16 }],
    ['fd[9]: OK FOUND', { status: 'detected', name: 'OK' }],
    ['INSTREAM size limit exceeded. ERROR', { status: 'skipped' }],
    ["fd[9]: Can't allocate memory ERROR", { status: 'failed', retry: true }],
    ['fd[9]: Bad format or broken data ERROR', { status: 'failed', retry: false }],
    ['UNKNOWN COMMAND', { status: 'failed', retry: true }],
  ])('%s', (reply, answer) => {
    expect(answerOf(reply)).toMatchObject(answer as Answer);
  });
});
