import { z } from 'zod';
import { Detection, ResultCode } from './result';

/** A member of an archive with its result, as it is kept and shown. */
export const Member = z.object({
  /** From the file on: "b.zip/c.doc". As the containers say; data for people. */
  path: z.string(),
  /** Bytes. */
  size: z.number(),
  sha256: z.string().optional(),
  /** MIME type and description; absent when it could not be read. */
  type: z.string().optional(),
  description: z.string().optional(),
  resultCode: ResultCode,
  detections: z.array(Detection),
  /** Why, in one sentence; empty for what is allowed. */
  explanation: z.string(),
  /** The names of the engines that were asked, and of those that found something in it. */
  scannedWith: z.array(z.string()),
  detectedBy: z.array(z.string()),
});
export type Member = z.infer<typeof Member>;
