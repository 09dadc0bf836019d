import { describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lacks } from '../../test/needs';
import { readAll } from './fixtures/read-all';
import { inWords, readMade } from './fixtures/read-made';
import { mail } from './mail';

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
const lines = (...all: string[]) => `${all.join('\r\n')}\r\n`;
const HEAD = ['From: a@example.org', 'To: b@example.org', 'MIME-Version: 1.0'];
const multipart = (...body: string[]) => lines(...HEAD, 'Content-Type: multipart/mixed; boundary="b"', '', ...body);
const read = async (text: string | Uint8Array) => inWords(await readMade(mail, text));

describe('a mail', () => {
  test.skipIf(lacks('mpack'))('of mpack gives out its text and the file that it carries', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'assay-mail-'));
    try {
      const bytes = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7) % 256));
      writeFileSync(join(dir, 'data.bin'), bytes);
      writeFileSync(join(dir, 'words'), 'Look at this.\n');
      const { exitCode } = Bun.spawnSync(['mpack', '-s', 'News', '-d', 'words', '-o', 'out.eml', 'data.bin'], {
        cwd: dir,
      });
      expect(exitCode).toBe(0);
      // mpack leaves the sender to the program that sends it.
      writeFileSync(join(dir, 'sent.eml'), `From: a@example.org\n${readFileSync(join(dir, 'out.eml'), 'latin1')}`);
      const seen = await readAll(mail, join(dir, 'sent.eml'));
      expect(seen.find(({ name }) => name === 'data.bin')?.content).toEqual(bytes);
      expect(inWords(seen).join()).toContain('Look at this.');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  test('has its text decoded, be it the only content or one of several', async () => {
    const single = [
      ...HEAD,
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
    ];
    expect(await read(lines(...single, '<p>=C3=', '=BC=3d', '=zz</p>'))).toEqual([
      'part-1.html: <p>Ã¼=\r\n=zz</p>\r\n',
    ]);
    expect(await read(lines(...HEAD, '', 'hello'))).toEqual(['part-1.txt: hello\r\n']);
    const several = [
      '--b',
      '',
      'one',
      '--b',
      'Content-Type: text/html',
      'Content-Transfer-Encoding: BASE64',
      '',
      base64('<b>two</b>'),
      '--b--',
    ];
    expect(await read(multipart(...several))).toEqual(['part-1.txt: one', 'part-2.html: <b>two</b>']);
  });

  test('gives out parts in parts, and a mail in a mail whole', async () => {
    const inner = [...HEAD, 'Content-Type: multipart/mixed; boundary=inner', '', '--inner', '', 'deep', '--inner--'];
    const seen = await read(
      multipart(
        ...[
          '--b',
          'Content-Type: multipart/alternative; boundary=b2',
          '',
          '--b2',
          '',
          'plain',
          '--b2',
          'Content-Type: text/html',
          '',
          'rich',
          '--b2--',
        ],
        ...['--b', 'Content-Type: message/rfc822', '', ...inner],
        '--b--',
      ),
    );
    expect(seen).toEqual(['part-1.txt: plain', 'part-2.html: rich', `part-3.eml: ${inner.join('\r\n')}`]);
    expect(await read(inner.join('\r\n'))).toEqual(['part-1.txt: deep']);
  });

  test.each([
    ['encoded words', 'attachment; filename="=?utf-8?B?w7xiZXIucGRm?="', 'über.pdf'],
    ['encoded words for the whole of it', 'attachment; filename="=?iso-8859-1?Q?=FCber_x.pdf?="', 'über x.pdf'],
    ['a charset', "attachment; filename*=iso-8859-1'de'%FCber.pdf", 'über.pdf'],
    ['pieces', "attachment; filename*0*=utf-8''%C3%BCb; filename*1=er.; filename*2*=%70df", 'über.pdf'],
    ['bytes of UTF-8', 'attachment; filename="Ã¼ber.pdf"', 'über.pdf'],
    ['folders', 'attachment; filename="../../etc/passwd"', '../../etc/passwd'],
    ['quotes', 'attachment; filename="a\\"b;c.pdf"', 'a"b;c.pdf'],
    ['nothing but a place', undefined, 'http://example.org/x.png'],
  ])('names a part by %s', async (_, disposition, name) => {
    const header = disposition === undefined ? `Content-Location: ${name}` : `Content-Disposition: ${disposition}`;
    expect(await read(multipart('--b', header, '', 'x', '--b--'))).toEqual([`${name}: x`]);
  });

  test('keeps the names that two parts share, and numbers those without one', async () => {
    const part = ['--b', 'Content-Type: text/plain; name=same.txt', '', 'x'];
    const unknown = ['--b', 'Content-Type: x/y', '', 'y'];
    expect(await read(multipart(...part, ...part, ...unknown, '--b--'))).toEqual([
      'same.txt: x',
      'same.txt: x',
      'part-3.bin: y',
    ]);
  });

  test('may end without its last boundary', async () => {
    expect(
      await read(multipart('--b', '', 'one', '--b', 'Content-Disposition: attachment; filename=two.txt', '', 'two')),
    ).toEqual(['part-1.txt: one', 'two.txt: two\r\n']);
  });

  test('that is cut off in an attachment gives out what came before, and says so of the attachment', async () => {
    const whole = multipart(
      '--b',
      '',
      'one',
      '--b',
      'Content-Disposition: attachment; filename=two',
      'Content-Transfer-Encoding: base64',
      '',
      base64('two and three'),
    );
    expect(await read(whole.slice(0, -7))).toEqual(['part-1.txt: one', 'two: damaged', 'damaged']);
    // Also where what is there makes sense, for its line goes on.
    for (const cut of [whole.indexOf(base64('two and three')) + 8, whole.indexOf('-Encoding')])
      expect(await read(whole.slice(0, cut))).toContain('damaged');
  });

  test('may have lines that end with LF or CR alone, a byte order mark, or blank lines before it', async () => {
    const whole = multipart('--b', '', 'one', '--b--');
    for (const same of [
      whole.replaceAll('\r\n', '\n'),
      whole.replaceAll('\r\n', '\r'),
      `\xef\xbb\xbf${whole}`,
      `\r\n\r\n${whole}`,
    ])
      expect(await read(same)).toEqual(['part-1.txt: one']);
  });

  test('that a browser saved gives out the page and what belongs to it', async () => {
    const page = lines(
      ...[
        'From: <Saved by Blink>',
        'Snapshot-Content-Location: http://example.org/',
        'MIME-Version: 1.0',
        'Content-Type: multipart/related;',
        '\ttype="text/html";',
        '\tboundary="----Multipart--x----"',
        '',
        '',
      ],
      ...[
        '------Multipart--x----',
        'Content-Type: text/html',
        'Content-Transfer-Encoding: quoted-printable',
        'Content-Location: http://example.org/',
        '',
        '<img src=3D"a.png">',
      ],
      ...[
        '------Multipart--x----',
        'Content-Type: image/png',
        'Content-Transfer-Encoding: base64',
        'Content-Location: http://example.org/a.png',
        '',
        base64('PNG'),
      ],
      '------Multipart--x------',
    );
    expect(await read(page)).toEqual(['http://example.org/: <img src="a.png">', 'http://example.org/a.png: PNG']);
  });

  test('of which only a piece is there says so', async () => {
    const piece = lines(...HEAD, 'Content-Type: message/partial; id=x; number=2; total=3', '', 'rest');
    expect(await read(piece)).toEqual(['part-1.bin: rest\r\n', 'unsupported']);
  });

  test('that only announces parts, as in a report of its failure, is not damaged', async () => {
    expect(await read(multipart('This mail has several parts.'))).toEqual([
      'part-1.bin: This mail has several parts.\r\n',
    ]);
  });
});

describe('text that is written into a mail', () => {
  const uu = ['begin 644 virus.txt', '#0V%T', '`', 'end'];

  test('gives out uuencoded files, also out of encoded text', async () => {
    expect(await read(lines(...HEAD, '', 'See below.', ...uu, 'and', ...uu))).toEqual([
      expect.stringMatching(/^part-1.txt: See below/),
      'virus.txt: Cat',
      'virus.txt: Cat',
    ]);
    const header = [...HEAD, 'Content-Transfer-Encoding: base64', ''];
    expect((await read(lines(...header, base64(lines('x', ...uu))))).slice(1)).toEqual(['virus.txt: Cat']);
  });

  test('gives out what is encrypted with OpenPGP as it is', async () => {
    const message = ['-----BEGIN PGP MESSAGE-----', '', 'hQEM', '-----END PGP MESSAGE-----'];
    const [, inner] = await read(lines(...HEAD, '', 'Hello,', ...message, 'Bye'));
    expect(inner).toBe(`message.asc: ${lines(...message)}`);
  });

  test('is not looked for in a word that only looks like a beginning', async () => {
    expect(await read(lines(...HEAD, '', 'begin with 644 of them', 'end'))).toHaveLength(1);
  });
});

describe('a mail that mail programs may read differently', () => {
  const part = (...header: string[]) => ['--b', 'Content-Disposition: attachment; filename=x', ...header];

  test('is read in each way where that is possible', async () => {
    const both = part('Content-Transfer-Encoding: 7bit', 'Content-Transfer-Encoding: base64', '', base64('virus'));
    expect(await read(multipart(...both, '--b--'))).toEqual([`x: ${base64('virus')}`, 'x: virus']);
    const padded = part('Content-Transfer-Encoding: base64', '', base64('a'), base64('b'));
    expect(await read(multipart(...padded, '--b--'))).toEqual(['x: ab', 'x: a']);
    const early = part('Content-Transfer-Encoding: base64', base64('virus'), '', base64('other'));
    expect(await read(multipart(...early, '--b--'))).toEqual(['x: other', 'x: virusother', 'x: virus']);
  });

  test('is read also where its encoding is forbidden, or noise is in it', async () => {
    const inner = lines('--c', '', 'deep', '--c--');
    const encoded = [
      '--b',
      'Content-Type: multipart/mixed; boundary=c',
      'Content-Transfer-Encoding: base64',
      '',
      base64(inner),
    ];
    const [whole = ''] = await read(multipart(...encoded, '--b--'));
    expect(await read(whole.slice(whole.indexOf(': ') + 2))).toEqual(['part-1.txt: deep']);
    const noise = base64('virus').split('').join('\r\n!');
    expect(await read(multipart(...part('Content-Transfer-Encoding: base64', '', noise), '--b--'))).toEqual([
      'x: virus',
    ]);
  });

  test('is read on behind its end, where a boundary comes again', async () => {
    expect(await read(multipart('--b', '', 'one', '--b--', 'beside', ...part('', 'two')))).toEqual([
      'part-1.txt: one',
      'beside-the-parts.txt: beside',
      'x: two\r\n',
    ]);
  });

  test('ends inner parts where an outer boundary comes first', async () => {
    const inner = ['--b', 'Content-Type: multipart/mixed; boundary=bb', '', '--bb', '', 'inner'];
    expect(await read(multipart(...inner, '--b', '', 'outer', '--bb', '--b--'))).toEqual([
      'part-1.txt: inner',
      'part-2.txt: outer\r\n--bb',
      'damaged',
    ]);
  });

  test('tells a boundary that begins like another from it', async () => {
    const inner = ['--b', 'Content-Type: multipart/mixed; boundary=bb', '', '--bb', '', 'inner', '--bb--'];
    expect(await read(multipart(...inner, '--b', '', 'outer', '--b--'))).toEqual([
      'part-1.txt: inner',
      'part-2.txt: outer',
    ]);
  });

  test.each([
    ['a line begins like a boundary and goes on', multipart('--b', '', 'one', '--b!', 'two', '--b--')],
    [
      'there are two boundaries',
      lines(
        ...HEAD,
        'Content-Type: multipart/mixed; boundary=b',
        'Content-Type: multipart/mixed; boundary=c',
        '',
        '--b',
        '',
        'x',
        '--b--',
      ),
    ],
    [
      'there is a boundary twice',
      lines(...HEAD, 'Content-Type: multipart/mixed; boundary=b; boundary=c', '', '--b', '', 'x', '--b--'),
    ],
    ['there is no boundary', lines(...HEAD, 'Content-Type: multipart/mixed', '', '--b', '', 'x', '--b--')],
    [
      'there is another boundary',
      lines(...HEAD, 'Content-Type: multipart/mixed; boundary=c', '', '--b', '', 'x', '--b--'),
    ],
    ['a header is too long', lines(...HEAD, `Content-Type: text/plain; x=${'y'.repeat(70_000)}`, '', 'x')],
  ])('is damaged where %s', async (_, text) => {
    const seen = await read(text);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toBe('damaged');
  });

  test('gives out a nested mail that could not be told from text', async () => {
    const inner = ['X: y', ...Array(10).fill('?'), 'Content-Type: text/plain; name=inner.txt', '', 'deep'];
    expect(await read(multipart('--b', 'Content-Type: message/rfc822', '', ...inner, '--b--'))).toEqual([
      'inner.txt: deep',
    ]);
  });
});

test('of two types that a mail names, the one with parts is looked into', async () => {
  const types = ['Content-Type: text/plain', 'Content-Type: multipart/mixed; boundary="b"'];
  const parts = ['--b', 'Content-Transfer-Encoding: base64', '', base64('two'), '--b--'];
  for (const order of [types, types.toReversed()])
    expect((await read(lines(...HEAD, ...order, '', ...parts))).join()).toContain('two');
});
