import { z } from 'zod';

/** What an object has beside its content that a copy of it must have too. */
const Attributes = z.object({
  ContentType: z.string().optional(),
  ContentEncoding: z.string().optional(),
  ContentDisposition: z.string().optional(),
  ContentLanguage: z.string().optional(),
  CacheControl: z.string().optional(),
  Metadata: z.record(z.string(), z.string()).optional(),
  /** As a query string, the form in which they are set with an object. */
  Tagging: z.string().optional(),
});
export type Attributes = z.infer<typeof Attributes>;

/** The key of the metadata by which an act knows an object that it made. */
const ACT = 'assay-act';

/** Those of an answer of the server, which has more. */
export const attributesOf = (answer: Attributes): Attributes => Attributes.parse(answer);

export const writeAttributes = (attributes: Attributes): string => JSON.stringify({ kind: 's3', ...attributes });

/** What another kind of storage wrote says nothing of an object. */
export const readAttributes = (text: string | undefined): Attributes => {
  const read = Attributes.extend({ kind: z.literal('s3') }).safeParse(JSON.parse(text ?? '{}'));
  return read.success ? Attributes.parse(read.data) : {};
};

/** The same as an act sets them. */
export const madeBy = (actId: string, attributes: Attributes = {}): Attributes => ({
  ...attributes,
  Metadata: { ...attributes.Metadata, [ACT]: actId },
});

export const isMadeBy = (actId: string, { Metadata }: Attributes): boolean => Metadata?.[ACT] === actId;

interface Tag {
  Key?: string;
  Value?: string;
}

export const toTagging = (tags: Tag[]): string =>
  new URLSearchParams(tags.map(({ Key = '', Value = '' }): [string, string] => [Key, Value])).toString();
