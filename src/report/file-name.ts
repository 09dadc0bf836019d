import type { Scan } from '../core/scan';

const MOST = 80;

const slug = (text: string, kept: RegExp): string =>
  text
    .normalize('NFC')
    .replaceAll(kept, '-')
    .replaceAll(/-+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');

/** RFC 8187, section 3.2.1: what encodeURIComponent leaves that is not an attr-char. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** The Content-Disposition of a report (RFC 6266): no name of a scan can leave the header, name a folder, or hide the file. */
export const dispositionOf = ({ name, createdAt }: Scan, extension: string): string => {
  const day = new Date(createdAt).toISOString().slice(0, 10);
  const make = (kept: RegExp) =>
    ['assay', [...slug(name, kept)].slice(0, MOST).join(''), `${day}.${extension}`].filter(Boolean).join('-');
  const plain = make(/[^A-Za-z0-9._-]+/g);
  const full = make(/[^\p{L}\p{M}\p{N}._-]+/gu);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encode(full)}`;
};
