import { ask, run, say } from './run.mjs';

/** Programs that tests drive, by Debian package, with what cannot be tested without it. */
export const NEEDED = {
  'clamav-daemon': 'the clamav engine against a real clamd',
  clamdscan: 'the comparison with clamdscan',
  clamav: 'the command engine with clamscan, and the comparison of reports with it',
  'clamav-testfiles': 'detections in the formats of ClamAV’s own test files',
  yara: 'the comparison of yara rules with the yara program',
  chromium: 'the web page in a browser',
  '7zip': 'encrypted and nested archives',
  arj: 'ARJ archives',
  binutils: 'static libraries (ar)',
  bzip2: 'files under bzip2',
  cpio: 'cpio archives',
  e2fsprogs: 'images of Linux file systems',
  gcab: 'cabinets',
  genisoimage: 'images of optical discs',
  'jlha-utils': 'LHA archives',
  lzip: 'files under lzip',
  mtools: 'images of floppy disks',
  nsis: 'installers that unpack themselves',
  'squashfs-tools': 'SquashFS images',
  rpm: 'RPM packages, made by rpmbuild',
  'xz-utils': 'files under xz',
  zip: 'archives made by zip',
  unzip: 'archives read back by unzip',
  qpdf: 'encrypted PDF documents',
  'poppler-utils': 'reports as PDF, read back by pdftotext',
  python3: 'reports as CSV, read by another program',
  'libreoffice-calc-nogui': 'sanitized workbooks, opened by LibreOffice',
  'libreoffice-impress-nogui': 'sanitized presentations, opened by LibreOffice',
  'libreoffice-writer-nogui': 'sanitized documents, opened by LibreOffice',
  memcached: 'the S3 server',
  mpack: 'mail with attachments',
  sharutils: 'uuencoded files',
  'swift-account': 'the S3 server',
  'swift-container': 'the S3 server',
  'swift-object': 'the S3 server',
  'swift-proxy': 'the S3 server that buckets are tested with',
  tnef: 'the comparison of winmail.dat with the program tnef',
  openssl: 'signed and encrypted mail (S/MIME)',
  gnupg: 'signed and encrypted messages (OpenPGP)',
  systemd: 'the systemd unit (systemd-analyze verify)',
};

const missing = () =>
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholder.
  Object.keys(NEEDED).filter((name) => ask('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]) !== 'installed');

const install = (names) => {
  const root = process.getuid?.() === 0;
  if (!root && ask('sudo', ['-n', 'true']) === undefined)
    return 'this user may not install packages (not root, and sudo asks)';
  const apt = (...args) => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-q', ...args];
    return root ? run(command[0], command.slice(1)) : run('sudo', ['-n', ...command]);
  };
  say(`Installing Debian packages for the tests: ${names.join(' ')}`);
  const wanted = ['install', '--no-install-recommends', ...names];
  // A fresh machine has no package lists yet, a used one may have old ones.
  if (apt(...wanted) || (apt('update') && apt(...wanted))) return undefined;
  return 'apt-get failed (see above)';
};

/** Installs what the tests drive. Returns the packages that are still missing, after saying loudly what that means. */
export const installDebianPackages = () => {
  const before = missing();
  if (before.length === 0) return [];
  const why = ask('apt-get', ['--version']) === undefined ? 'there is no apt-get on this machine' : install(before);
  const after = missing();
  if (after.length > 0) {
    say(`NOT TESTED, because ${why ?? 'apt-get did not install them'}:`);
    for (const name of after) console.log(`   ${name.padEnd(18)} ${NEEDED[name]}`);
  }
  return after;
};
