/** Programs that tests drive, by the Debian package that brings each; tasks/debian.mjs installs these packages. */
export const PACKAGES = {
  '7zz': '7zip',
  ar: 'binutils',
  arj: 'arj',
  chromium: 'chromium',
  clamd: 'clamav-daemon',
  clamscan: 'clamav',
  cpio: 'cpio',
  'dpkg-deb': 'dpkg',
  gcab: 'gcab',
  genisoimage: 'genisoimage',
  gpg: 'gnupg',
  jlha: 'jlha-utils',
  lzip: 'lzip',
  makensis: 'nsis',
  mcopy: 'mtools',
  mke2fs: 'e2fsprogs',
  mksquashfs: 'squashfs-tools',
  memcached: 'memcached',
  mpack: 'mpack',
  openssl: 'openssl',
  pdfdetach: 'poppler-utils',
  pdftotext: 'poppler-utils',
  python3: 'python3',
  qpdf: 'qpdf',
  rpmbuild: 'rpm',
  soffice: 'libreoffice-writer-nogui',
  'swift-account-server': 'swift-account',
  'swift-container-server': 'swift-container',
  'swift-object-server': 'swift-object',
  'swift-proxy-server': 'swift-proxy',
  'systemd-analyze': 'systemd',
  tnef: 'tnef',
  unshare: 'util-linux',
  unzip: 'unzip',
  uuencode: 'sharutils',
  xz: 'xz-utils',
  zip: 'zip',
};
export type Program = keyof typeof PACKAGES;

/** Daemons lie where only root looks. */
const PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

/** Says aloud, once in a test file, what is not tested on this machine; where `CI` is set, skipped tests are failures of the run. */
const said = new Set<string>();
export const skipped = (why: string): void => {
  if (!said.has(why)) console.warn(`SKIPPED: ${why}`);
  said.add(why);
};

/** Where a program is. */
export const find = (program: Program): string | undefined => Bun.which(program, { PATH }) ?? undefined;

/** For `test.skipIf`: whether one of the programs that a test drives is missing here. */
export const lacks = (...programs: Program[]): boolean => {
  const missing = programs.filter((program) => find(program) === undefined);
  for (const program of missing)
    skipped(`tests that drive ${program}, which is not installed (apt-get install ${PACKAGES[program]})`);
  return missing.length > 0;
};
