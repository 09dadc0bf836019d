import type { FileType } from '../core/findings';

type Signature = [offset: number, bytes: string, type: FileType];

const container = (mime: string, description: string): FileType => ({ mime, description, container: true });

/** Images of file systems and disks, and other containers that are hardly ever met as files; bytes as Latin-1, by the formats' own specifications. */
export const IMAGES: Signature[] = [
  [0, 'hsqs', container('application/x-squashfs', 'SquashFS image')],
  [0, 'sqsh', container('application/x-squashfs', 'SquashFS image')],
  [16, 'Compressed ROMFS', container('application/x-cramfs', 'CramFS image')],
  [0, 'QFI\xfb\0\0\0', container('application/x-qcow', 'QEMU disk image')],
  [0, 'vhdxfile', container('application/x-vhdx', 'Virtual hard disk (VHDX)')],
  [0, 'conectix', container('application/x-vhd', 'Virtual hard disk (VHD)')],
  [0, 'KDMV', container('application/x-vmdk', 'VMware disk image')],
  [64, '\x7f\x10\xda\xbe', container('application/x-vdi', 'VirtualBox disk image')],
  [0, '\x3a\xff\x26\xed\x01\0', container('application/x-android-sparse', 'Android sparse image')],
  [3, '-FVE-FS-', { ...container('application/x-bitlocker', 'BitLocker volume'), encrypted: 'archive' }],
  [3, 'EXFAT   ', container('application/x-exfat-image', 'exFAT image')],
  [3, 'NTFS    ', container('application/x-ntfs-image', 'NTFS image')],
  [82, 'FAT32   ', container('application/x-fat-image', 'FAT image')],
  [54, 'FAT12   ', container('application/x-fat-image', 'FAT image')],
  [54, 'FAT16   ', container('application/x-fat-image', 'FAT image')],
  [512, 'EFI PART\0\0\x01\0', container('application/x-gpt-image', 'Disk image (GPT)')],
  [
    0,
    '\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0',
    container('application/x-raw-disc', 'Raw image of an optical disc'),
  ],
  [0, 'LUKS\xba\xbe', { ...container('application/x-luks', 'LUKS volume'), encrypted: 'archive' }],
  [0, 'XFSB', container('application/x-xfs-image', 'XFS image')],
  [1024, '\xe2\xe1\xf5\xe0', container('application/x-erofs-image', 'EROFS image')],
  [4, '\xef\xbe\xad\xdeNullsoftInst', container('application/x-nsis', 'NSIS installer data')],
  [0, 'SZDD\x88\xf0\x27\x33', container('application/x-ms-compress', 'Microsoft compressed data')],
  [0, 'LZIP\x01', container('application/x-lzip', 'lzip compressed data')],
  [0, '\x8f\xaf\xac\x84', container('application/x-ppmd', 'PPMd compressed data')],
  [0, 'ITOLITLS', container('application/x-ms-help2', 'Microsoft Help 2')],
  [
    0,
    '\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3',
    container('application/onenote', 'OneNote section'),
  ],
];

/** Containers that nothing here takes apart: without an engine that looks inside, they are not scanned. */
export const UNREAD: Signature[] = [
  [7, '**ACE**', container('application/x-ace', 'ACE archive')],
  [20, '\xdc\xa7\xc4\xfd', container('application/x-zoo', 'Zoo archive')],
  [0, 'RE~^', container('application/x-rar-old', 'RAR archive of before 1996')],
  [0, 'ALZ\x01', container('application/x-alz', 'ALZip archive')],
  [0, 'EGGA', container('application/x-egg', 'EGG archive')],
  [10, 'rLau', container('application/x-stuffit', 'StuffIt archive')],
  [0, 'StuffIt!', container('application/x-stuffit', 'StuffIt archive')],
  [0, 'StuffIt (c)', container('application/x-stuffit', 'StuffIt archive')],
  [0, 'ISc(', container('application/x-installshield', 'InstallShield cabinet')],
  [0, 'LRZI\0', container('application/x-lrzip', 'lrzip compressed data')],
  [0, 'RZIP\x02', container('application/x-rzip', 'rzip compressed data')],
  [0, '\x89LZO\0\r\n\x1a\n', container('application/x-lzop', 'lzop compressed data')],
  [0, 'zPQ\x01', container('application/x-zpaq', 'ZPAQ archive')],
  [0, 'zPQ\x02', container('application/x-zpaq', 'ZPAQ archive')],
  [0, '7kSt\xa0', container('application/x-zpaq', 'ZPAQ archive')],
  [0, '\x1f\x1e', container('application/x-pack', 'pack(1) data')],
  [0, '\x1f\x9e', container('application/x-freeze', 'freeze(1) data')],
  [0, '\x1f\x9f', container('application/x-freeze', 'freeze(1) data')],
  [0, '\x1f\xa0', container('application/x-compress-lzh', 'compress(1) data of SCO')],
  [0, '\xff\x06\0\0sNaPpY', container('application/x-snappy-framed', 'Snappy compressed data')],
  [0, 'KWAJ\x88\xf0\x27\xd1', container('application/x-ms-compress-kwaj', 'Microsoft compressed data')],
  [0, '\xca\xfe\xd0\x0d', container('application/x-java-pack200', 'Pack200 Java archive')],
  [0, '!BDN', container('application/vnd.ms-outlook-pst', 'Outlook mail folders')],
  [0, '(This file must be converted with BinHex', container('application/mac-binhex40', 'BinHex file')],
  [0, 'age-encryption.org/v1', { ...container('application/x-age', 'File encrypted by age'), encrypted: 'document' }],
  [0, 'Salted__', { ...container('application/x-openssl-enc', 'File encrypted by OpenSSL'), encrypted: 'document' }],
];

const BOOT_MARK = 0xaa55;

/** A partition that can be: active or not, with a type, a place and a size. */
const isPartition = (entry: Buffer): boolean =>
  (entry[0] === 0 || entry[0] === 0x80) && entry[4] !== 0 && entry.readUInt32LE(8) > 0 && entry.readUInt32LE(12) > 0;

const isNothing = (entry: Buffer): boolean => entry.every((byte) => byte === 0);

/** A master boot record: its mark, and nothing but partitions in its table. */
const isMbr = (head: Buffer): boolean => {
  if (head.length < 1024 || head.readUInt16LE(510) !== BOOT_MARK) return false;
  const table = [446, 462, 478, 494].map((at) => head.subarray(at, at + 16));
  return table.some(isPartition) && table.every((entry) => isPartition(entry) || isNothing(entry));
};

/** The superblock of ext2 to ext4: its mark, block sizes up to 64 KiB, and some blocks and inodes. */
const isExt = (head: Buffer): boolean => {
  if (head.length < 2048 || head.readUInt16LE(1080) !== 0xef53) return false;
  return head.readUInt32LE(1048) <= 6 && head.readUInt32LE(1024) > 0 && head.readUInt32LE(1028) > 0;
};

/** Compressed Flash: its version, and an unpacked size that words in its place would not have (SWF file format, chapter 2). */
const isFlash = (head: Buffer): boolean =>
  /^[CZ]WS[\x06-\x3c]/.test(head.toString('latin1', 0, 4)) && (head[7] ?? 0xff) < 0x20;

/** Tells what has no signature, or a short one, but numbers that fit together. */
export const identifyNumbers = (bytes: Uint8Array): FileType | undefined => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isFlash(head)) return container('application/x-shockwave-flash', 'Compressed Flash');
  if (isExt(head)) return container('application/x-ext-image', 'ext2, ext3 or ext4 image');
  if (isMbr(head)) return container('application/x-mbr-image', 'Disk image (MBR)');
  const isMac = head.toString('latin1', 0, 2) === 'ER' && head.toString('latin1', 512, 516) === 'PM\0\0';
  return isMac ? container('application/x-apm-image', 'Disk image of a Macintosh') : undefined;
};
