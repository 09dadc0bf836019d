import { z } from 'zod';

/** `storageType` of the published API: 0 Amazon S3, 6 S3-compatible, 100 local folder. */
export const STORAGE_TYPES = { local: 100 } as const;

export const StorageOptions = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('local'),
    path: z.string().min(1).describe('An absolute path of a folder (or one file) on this host.'),
  }),
]);
export type StorageOptions = z.infer<typeof StorageOptions>;

export interface Storage {
  id: string;
  name: string;
  options: StorageOptions;
  workflowId?: string;
  createdAt: number;
}
