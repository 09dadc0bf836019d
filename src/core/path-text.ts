import { z } from 'zod';

/** A path, or a part of one, as somebody writes it. */
export const PathText = z
  .string()
  .max(4096)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'not a path');
