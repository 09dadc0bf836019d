import type { EngineFile } from '../../../src/engines/contract';
import { type Component, isWord, type Recognizer } from '../component';

/** rpm's documentation, "RPM V4 Package format": a lead, a header with signatures, and the header with what the package is. */
const LEAD = 96;
const MAGIC = 0x8eade801;
const INTRO = 16;
const ENTRY = 16;
const MOST_ENTRIES = 10_000;
const STRING = 6;
const INT32 = 4;
const TAGS = { name: 1000, version: 1001, release: 1002, epoch: 1003, distribution: 1010, vendor: 1011, source: 1044 };

interface Header {
  /** Where its index is, and where what follows it. */
  index: number;
  entries: number;
  store: number;
  end: number;
}

const readHeader = async (file: EngineFile, at: number): Promise<Header | undefined> => {
  const intro = Buffer.from(await file.bytes(at, at + INTRO));
  if (intro.length < INTRO || intro.readUInt32BE(0) !== MAGIC) return undefined;
  const entries = intro.readUInt32BE(8);
  const store = at + INTRO + entries * ENTRY;
  return { index: at + INTRO, entries, store, end: store + intro.readUInt32BE(12) };
};

const readTags = async (file: EngineFile, { index, entries, store, end }: Header): Promise<Map<number, string>> => {
  const tags = new Map<number, string>();
  const wanted = new Set<number>(Object.values(TAGS));
  const table = Buffer.from(await file.bytes(index, index + Math.min(entries, MOST_ENTRIES) * ENTRY));
  for (let at = 0; at + ENTRY <= table.length; at += ENTRY) {
    const [tag, type, offset] = [table.readUInt32BE(at), table.readUInt32BE(at + 4), table.readUInt32BE(at + 8)];
    if (!wanted.has(tag) || tags.has(tag) || store + offset >= end) continue;
    const value = Buffer.from(await file.bytes(store + offset, store + offset + 300));
    if (type === STRING && value.includes(0)) tags.set(tag, value.toString('utf8', 0, value.indexOf(0)));
    if (type === INT32 && value.length >= 4) tags.set(tag, String(value.readUInt32BE(0)));
  }
  return tags;
};

/** By whom it was made, as they write themselves. CentOS was built from the sources of Red Hat. */
const ECOSYSTEMS: [RegExp, string][] = [
  [/red hat|centos/i, 'Red Hat'],
  [/rocky/i, 'Rocky Linux'],
  [/almalinux/i, 'AlmaLinux'],
  [/opensuse/i, 'openSUSE'],
  [/suse/i, 'SUSE'],
  [/openeuler/i, 'openEuler'],
  [/mageia/i, 'Mageia'],
  [/photon/i, 'Photon OS'],
];

const toComponent = (tags: Map<number, string>): Component[] => {
  const [name, version, release] = [TAGS.name, TAGS.version, TAGS.release].map((tag) => tags.get(tag));
  if (!isWord(name) || !isWord(version) || !isWord(release)) return [];
  const epoch = tags.get(TAGS.epoch) ?? '0';
  const vendor = tags.get(TAGS.vendor) ?? tags.get(TAGS.distribution);
  const maker = `${vendor} ${tags.get(TAGS.distribution)}`;
  // "bash-5.1.8-6.el9.src.rpm": records of some distributions are about these.
  const source = /^([^\s]{1,200})-[^-\s]+-[^-\s]+$/.exec(tags.get(TAGS.source) ?? '')?.[1];
  return [
    {
      ecosystem: ECOSYSTEMS.find(([pattern]) => pattern.test(maker))?.[1],
      names: source === undefined || source === name ? [name] : [name, source],
      version: `${epoch === '0' ? '' : `${epoch}:`}${version}-${release}`,
      release: /\.(?:el|oe|mga|ph)(\d{1,4})/.exec(release)?.[1],
      vendor: vendor?.slice(0, 100),
    },
  ];
};

/** A package of RPM: what it is stands in its own header. */
export const rpm: Recognizer = {
  fits: (_file, head) => head.length >= 4 && head.readUInt32BE(0) === 0xedabeedb,
  read: async (file) => {
    const signatures = await readHeader(file, LEAD);
    // The next header begins at a multiple of eight.
    const header = signatures && (await readHeader(file, signatures.end + ((8 - (signatures.end % 8)) % 8)));
    return header === undefined ? [] : toComponent(await readTags(file, header));
  },
};
