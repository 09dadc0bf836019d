import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as CFB from 'cfb';
import { libreOffice } from '../../../src/unpack/fixtures/libreoffice';
import { makeRar4 } from '../../../src/unpack/fixtures/rar4-maker';
import { makeRar5 } from '../../../src/unpack/fixtures/rar5';
import { attachment, tnefOf } from '../../../src/unpack/fixtures/tnef';
import { type Pack, packedBy, packedIn, tool } from './packer';

export const NAMES = ['note.txt', 'letters/bad.com', 'inner.zip'];
export const partsOf = (from: string) => NAMES.map((name) => ({ name, content: readFileSync(join(from, name)) }));

const written =
  (make: (parts: { name: string; content: Buffer }[]) => Uint8Array): Pack =>
  (from, to) =>
    writeFileSync(to, make(partsOf(from)));

/** A document of LibreOffice with the parts as further files in it. */
export const inDocument =
  (name: Parameters<typeof libreOffice>[0]): Pack =>
  (from, to) => {
    writeFileSync(to, libreOffice(name));
    tool(from, 'zip', '-q', to, ...NAMES);
  };

const inMessage = written((parts) => {
  const message = CFB.utils.cfb_new();
  CFB.utils.cfb_add(message, '/__properties_version1.0', Buffer.alloc(32));
  parts.forEach(({ name, content }, i) => {
    const folder = `/__attach_version1.0_#${`${i}`.padStart(8, '0')}`;
    CFB.utils.cfb_add(message, `${folder}/__substg1.0_37010102`, content);
    CFB.utils.cfb_add(message, `${folder}/__substg1.0_3707001F`, Buffer.from(name, 'utf16le'));
  });
  return Buffer.from(CFB.write(message, { type: 'buffer' }) as Uint8Array);
});

/** An object of the packager in a compound file (see ole-package.ts). */
const olePackage = (name: string, content: Buffer): Buffer => {
  const number = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
  const text = Buffer.from(`${name}\0`);
  const body = [Buffer.from([2, 0]), text, text, Buffer.from([0, 0, 3, 0]), number(text.length), text];
  const whole = Buffer.concat([...body, number(content.length), content]);
  return Buffer.concat([number(whole.length), whole]);
};
const inCompound = written((parts) => {
  const file = CFB.utils.cfb_new();
  CFB.utils.cfb_add(file, '/WordDocument', Buffer.alloc(4096));
  parts.forEach(({ name, content }, i) => {
    CFB.utils.cfb_add(file, `/ObjectPool/_${i}/\x01Ole10Native`, olePackage(name, content));
  });
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array);
});

const debian = (how: string) =>
  packedIn(`
  work=$(mktemp -d); mkdir -p $work/DEBIAN; cp -r . $work/data
  printf 'Package: a\\nVersion: 1\\nArchitecture: all\\nMaintainer: a <a@b.c>\\nDescription: a\\n' > $work/DEBIAN/control
  dpkg-deb --build -Z${how} $work "$1"; rm -r $work`);

const RPM = packedIn(`
  work=$(mktemp -d)
  printf 'Name: a\\nVersion: 1\\nRelease: 1\\nSummary: a\\nLicense: none\\nBuildArch: noarch\\n%%description\\na\\n%%install\\nmkdir -p %%{buildroot}\\ncp -r %s %%{buildroot}/opt\\n%%files\\n/opt\\n' "$PWD" > $work/a.spec
  rpmbuild --quiet -bb --define "_topdir $work" $work/a.spec; mv $work/RPMS/noarch/*.rpm "$1"; rm -r $work`);

const INSTALLER = packedIn(`
  work=$(mktemp -d)
  printf 'OutFile "%s"\nSection\nSetOutPath $TEMP\nFile /r "%s/*"\nSectionEnd\n' "$1" "$PWD" > $work/a.nsi
  makensis -V1 $work/a.nsi; rm -r $work`);

const sevenZip = (...how: string[]) => packedBy('7zz', 'a', '-bso0', ...how, '{}', '.');
const tar = (...how: string[]) => packedBy('tar', ...how, '-cf', '{}', '.');
const cpio = (format: string) => packedIn(`find . -type f | cpio --quiet -o -H ${format} > "$1"`);

/** Containers that hold all three parts, by the name of the file, each made by a real tool where there is one. */
export const CONTAINERS: { [name: string]: Pack } = {
  'plain.zip': packedBy('zip', '-qr', '{}', '.'),
  'wide.zip': packedBy('zip', '-qr', '-fz', '{}', '.'),
  'piped.zip': packedIn('zip -qr - . > "$1"'),
  'behind.exe': packedIn('zip -qr - . | cat /bin/true - > "$1"'),
  'sevenzip.exe': packedIn('7zz a -bso0 made.7z .; cat /bin/true made.7z > "$1"; rm made.7z'),
  'picture.png': packedIn(`
  zip -qr made.zip .; printf '\\211PNG\\r\\n\\032\\n' | cat - made.zip > "$1"; rm made.zip`),
  'self.sh': packedIn(`(printf '#!/bin/sh\\nexit\\n'; tar -cz .) > "$1"`),
  'deflate64.zip': sevenZip('-tzip', '-mm=Deflate64'),
  'bzip2.zip': sevenZip('-tzip', '-mm=BZip2'),
  'lzma.zip': sevenZip('-tzip', '-mm=LZMA'),
  'ppmd.zip': sevenZip('-tzip', '-mm=PPMd'),
  'xz.zip': sevenZip('-tzip', '-mm=XZ'),
  'plain.7z': sevenZip(),
  'ppmd.7z': sevenZip('-m0=PPMd'),
  'plain.wim': sevenZip(),
  'four.rar': written((parts) => makeRar4(parts)),
  'five.rar': written((parts) => makeRar5(parts)),
  'plain.tar': tar(),
  'old.tar': tar('--format=v7'),
  'pax.tar': tar('--format=pax'),
  'packed.tar.gz': tar('-z'),
  'packed.tar.bz2': tar('-j'),
  'packed.tar.xz': tar('-J'),
  'packed.tar.zst': tar('--zstd'),
  'packed.tar.lz4': tar('-I', 'lz4'),
  'packed.tar.lzma': tar('--lzma'),
  'packed.cab': packedBy('gcab', '-c', '-z', '{}', ...NAMES),
  'joliet.iso': packedBy('genisoimage', '-quiet', '-J', '-r', '-o', '{}', '.'),
  'udf.iso': packedBy('genisoimage', '-quiet', '-udf', '-o', '{}', '.'),
  'new.cpio': cpio('newc'),
  'odc.cpio': cpio('odc'),
  'bin.cpio': cpio('bin'),
  'lib.a': packedBy('ar', 'rc', '{}', ...NAMES),
  'gzip.deb': debian('gzip'),
  'zstd.deb': debian('zstd'),
  'plain.rpm': RPM,
  'plain.lzh': packedBy('jlha', 'aq', '{}', '.'),
  'packed.tar.lz': tar('--lzip'),
  'system.squashfs': packedIn('mksquashfs . "$1" -noappend -quiet -no-progress'),
  'setup.exe': INSTALLER,
  'plain.arj': packedBy('arj', 'a', '-r', '-y', '-i', '{}', '.'),
  'letter.msg': inMessage,
  'winmail.dat': written((parts) => tnefOf(...parts.flatMap(({ name, content }) => attachment(name, content)))),
  'letter.docx': inDocument('plain.docx'),
  'letter.odt': inDocument('plain.odt'),
  'objects.doc': inCompound,
  'attached.pdf': packedBy('qpdf', '--empty', ...NAMES.flatMap((name) => ['--add-attachment', name, '--']), '{}'),
};

const mail = (boundary: string) =>
  packedIn(`work=$(mktemp -d); mpack -s ${boundary} -o $work/one letters/bad.com; mpack -s ${boundary} -o $work/two inner.zip
  printf 'From a@b.c Mon Jan  1 00:00:00 2024\\n' > "$1"; cat $work/one >> "$1"
  printf '\\n\\nFrom a@b.c Mon Jan  1 00:00:00 2024\\n' >> "$1"; cat $work/two >> "$1"; rm -r $work`);

const HEAD = "printf 'From: a@b.c\\nTo: b@c.d\\nSubject: s\\nMIME-Version: 1.0\\n\\nhello\\n'";

/** Containers of one of the parts, with the end of its name. */
export const SINGLES: { [name: string]: { pack: Pack; holds: string } } = {
  'base64.eml': { pack: packedBy('mpack', '-s', 's', '-o', '{}', 'letters/bad.com'), holds: 'bad.com' },
  'zip.eml': { pack: packedBy('mpack', '-s', 's', '-o', '{}', 'inner.zip'), holds: 'inner.zip/deep.com' },
  'uuencoded.eml': { pack: packedIn(`(${HEAD}; uuencode letters/bad.com bad.com) > "$1"`), holds: 'bad.com' },
  'text.uue': { pack: packedIn('uuencode inner.zip inner.zip > "$1"'), holds: 'inner.zip/deep.com' },
  'folder.mbox': { pack: mail('s'), holds: 'inner.zip/deep.com' },
  'bad.com.gz': { pack: packedIn('gzip -c letters/bad.com > "$1"'), holds: 'bad.com' },
  'bad.com.bz2': { pack: packedIn('bzip2 -c letters/bad.com > "$1"'), holds: 'bad.com' },
  'bad.com.xz': { pack: packedIn('xz -c letters/bad.com > "$1"'), holds: 'bad.com' },
  'bad.com.zst': { pack: packedIn('zstd -qc letters/bad.com > "$1"'), holds: 'bad.com' },
  'bad.com.lz4': { pack: packedIn('lz4 -qc letters/bad.com > "$1"'), holds: 'bad.com' },
  'inner.zip.gz': { pack: packedIn('gzip -c inner.zip > "$1"'), holds: 'inner.zip/deep.com' },
};
