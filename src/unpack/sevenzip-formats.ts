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
};

/** RAR's signature has the version of the format behind `Rar!` and 0x1a 0x07: 0 is up to 4, 1 is 5 (RAR 5.0 archive format, "RAR 5.0 signature"). */
const VERSION_AT = 6;

/** Whether 7-Zip takes this type apart for us. Zip it can, but another reader does it better. */
export const isSevenZipFormat = ({ mime }: FileType): boolean => mime === 'application/vnd.rar' || mime in FORMATS;

/** 7-Zip's name of a container's format. */
export const formatOf = ({ mime }: FileType, container: Piece): string => {
  if (mime === 'application/vnd.rar') return container.bytes(VERSION_AT, VERSION_AT + 1)[0] === 0 ? 'rar' : 'rar5';
  return FORMATS[mime] ?? 'zip';
};
