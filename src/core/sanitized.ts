import { z } from 'zod';

/** What was taken out of a document. */
export const Removed = z.object({
  what: z.enum([
    'macro',
    'embedded object',
    'external link',
    'dynamic data exchange',
    'script',
    'action',
    'attachment',
    'form',
  ]),
  /** Where it was: a part of the document, or what it was called. Data, as the document says. */
  where: z.string(),
});
export type Removed = z.infer<typeof Removed>;

/** What came of making a harmless copy of a file. */
export type SanitizedCopy =
  | {
      /** Of the copy. Bytes. */
      size: number;
      /** The first of what was removed, and how much there was. */
      removed: Removed[];
      count: number;
      /** Another ending of the name, where the old one would claim what is no longer there: "docx" for a "docm". */
      extension?: string;
    }
  | {
      /** Why there is none: a sentence for people. */
      reason: string;
      /** It is of a kind that nothing sanitizes; nothing is wrong with it. */
      isUnsuited?: true;
    };
