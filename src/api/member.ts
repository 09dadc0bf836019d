import { z } from '@hono/zod-openapi';
import type { Member } from '../core/member';
import { Detection, RESULTS } from '../core/result';

/** A member of an archive with its own result. */
export const ArchiveMember = z
  .object({
    displayName: z.string().openapi({ description: 'Its place from the file on: a.zip/b/c.doc.' }),
    fileSize: z.number().int(),
    fileType: z.string().openapi({ description: 'MIME type by content; empty when it could not be read.' }),
    fileTypeDescription: z.string(),
    sha256: z.string().optional(),
    scanAllResultI: z.number().int(),
    scanAllResultA: z.string(),
    detections: z.array(Detection),
    detectedBy: z.array(z.string()).openapi({ description: 'The engines that found something in it.' }),
    scannedWith: z.array(z.string()).openapi({ description: 'The engines that were asked about it.' }),
    processInfo: z.object({ blockedReason: z.string() }),
  })
  .openapi('ArchiveMember');

export const toArchiveMember = (member: Member): z.infer<typeof ArchiveMember> => ({
  displayName: member.path,
  fileSize: member.size,
  fileType: member.type ?? '',
  fileTypeDescription: member.description ?? '',
  sha256: member.sha256,
  scanAllResultI: member.resultCode,
  scanAllResultA: RESULTS[member.resultCode],
  detections: member.detections,
  detectedBy: member.detectedBy,
  scannedWith: member.scannedWith,
  processInfo: { blockedReason: member.explanation },
});

/** What an archive held: the first members here, those that matter most in front; all of them by `GET /api/file/{id}/members`. */
export const ExtractedFiles = z.object({
  filesExtractedCount: z.number().int().openapi({ description: 'On all levels together.' }),
  filesInArchive: z.array(ArchiveMember),
});
