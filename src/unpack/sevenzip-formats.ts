import type { Piece } from '../content/piece';
import type { FileType } from '../core/findings';

/** 7-Zip's names of the formats that are archives here. It opens programs and OLE files, too; those are no containers of this reader. */
const FORMATS: { [mime: string]: string } = {
  'application/x-7z-compressed': '7z',
  'application/vnd.ms-cab-compressed': 'cab',
  'application/x-iso9660-image': 'iso',
  'application/x-udf-image': 'udf',
  'application/x-cpio': 'cpio',
  'application/x-archive': 'ar',
  'application/vnd.debian.binary-package': 'ar',
  'application/x-rpm': 'rpm',
  'application/x-arj': 'arj',
  'application/x-lzh-compressed': 'lzh',
  'application/vnd.ms-htmlhelp': 'chm',
  'application/x-ms-wim': 'wim',
  'application/x-xar': 'xar',
  'application/x-apple-diskimage': 'dmg',
  'application/x-hfs-image': 'hfs',
  'application/x-apfs-image': 'apfs',
  'application/x-tar': 'tar',
  'application/x-squashfs': 'squashfs',
  'application/x-cramfs': 'cramfs',
  'application/x-qcow': 'qcow',
  'application/x-vhdx': 'vhdx',
  'application/x-vhd': 'vhd',
  'application/x-vmdk': 'vmdk',
  'application/x-vdi': 'vdi',
  'application/x-android-sparse': 'sparse',
  'application/x-ntfs-image': 'ntfs',
  'application/x-fat-image': 'fat',
  'application/x-ext-image': 'ext',
  'application/x-gpt-image': 'gpt',
  'application/x-mbr-image': 'mbr',
  'application/x-apm-image': 'apm',
  'application/x-nsis': 'nsis',
  'application/x-ms-compress': 'mslz',
  'application/x-ppmd': 'ppmd',
  'application/x-shockwave-flash': 'swfc',
  'application/x-ms-help2': 'hxs',
};

/** RAR's signature has the version of the format behind `Rar!` and 0x1a 0x07: 0 is up to 4, 1 is 5 (RAR 5.0 archive format, "RAR 5.0 signature"). */
const VERSION_AT = 6;

/** Whether 7-Zip takes this type apart for us. Zip it can, but another reader does it better. */
export const isSevenZipFormat = ({ mime }: FileType): boolean => mime === 'application/vnd.rar' || mime in FORMATS;

/** ISO 9660 and UDF descriptors are in sectors of 2 KiB from the 17th on (ECMA-167 2/8.3.1); an image can have both, and different files in each. */
const SECTOR = 2048;
const FIRST = 16;
const SECTORS = 32;

const hasUdf = (container: Piece): boolean => {
  for (let sector = FIRST; sector < FIRST + SECTORS; sector++) {
    const bytes = container.bytes(sector * SECTOR + 1, sector * SECTOR + 6);
    const id = Buffer.from(bytes).toString('latin1');
    if (id === 'NSR02' || id === 'NSR03') return true;
  }
  return false;
};

/** An image may have the file system of old Macintosh systems as well, by the mark of its master directory block (Inside Macintosh: Files, 2-59). */
export const hasHfs = (container: Piece): boolean =>
  Buffer.from(container.bytes(1024, 1026)).toString('latin1') === 'BD';

/** 7-Zip's names of the formats in which a container is read, one after the other. */
export const formatsOf = ({ mime }: FileType, container: Piece): string[] => {
  if (mime === 'application/vnd.rar') return [container.bytes(VERSION_AT, VERSION_AT + 1)[0] === 0 ? 'rar' : 'rar5'];
  const format = FORMATS[mime] ?? 'zip';
  return format === 'iso' && hasUdf(container) ? ['iso', 'udf'] : [format];
};
