import type { Client, Storage } from '../data/client';

/** What a storage is to be, as it is typed. Text that is left empty is not sent. */
export interface StorageWish {
  name: string;
  workflowId: string;
  kind: Storage['options']['kind'];
  path: string;
  bucket: string;
  endpoint: string;
  region: string;
  prefix: string;
  pathStyle: PathStyle;
  accessKeyId: string;
  /** What is secret never comes back: of a storage that is changed, these begin empty. */
  secretAccessKey: string;
  sessionToken: string;
}

export const PATH_STYLES = ['usual', 'path', 'host'] as const;
export type PathStyle = (typeof PATH_STYLES)[number];

type NewStorage = Parameters<Client['storage']['$post']>[0]['json'];
type Options = NewStorage['options'];

const REGION = 'us-east-1';

const EMPTY: StorageWish = {
  name: '',
  workflowId: '',
  kind: 'local',
  path: '',
  bucket: '',
  endpoint: '',
  region: REGION,
  prefix: '',
  pathStyle: 'usual',
  accessKeyId: '',
  secretAccessKey: '',
  sessionToken: '',
};

const styleOf = (inPath: boolean | undefined): PathStyle => {
  if (inPath === undefined) return 'usual';
  return inPath ? 'path' : 'host';
};

/** A wish for a new storage, or that a storage stay as it is. */
export const wishFor = (storage?: Storage): StorageWish => {
  if (storage === undefined) return EMPTY;
  const { name, workflowId = '', options } = storage;
  const wish = { ...EMPTY, name, workflowId };
  if (options.kind === 'local') return { ...wish, ...options };
  const { pathStyle, ...rest } = options;
  return { ...wish, ...rest, pathStyle: styleOf(pathStyle) };
};

const given = (text: string): string | undefined => text.trim() || undefined;

const optionsOf = (wish: StorageWish): Options => {
  if (wish.kind === 'local') return { kind: 'local', path: wish.path };
  return {
    kind: 's3',
    bucket: wish.bucket.trim(),
    endpoint: given(wish.endpoint),
    region: given(wish.region) ?? REGION,
    prefix: wish.prefix,
    pathStyle: wish.pathStyle === 'usual' ? undefined : wish.pathStyle === 'path',
    accessKeyId: wish.accessKeyId.trim(),
    secretAccessKey: given(wish.secretAccessKey),
    sessionToken: given(wish.sessionToken),
  };
};

export const toRequest = (wish: StorageWish): NewStorage => ({
  name: wish.name,
  options: optionsOf(wish),
  workflowId: wish.workflowId || undefined,
});
