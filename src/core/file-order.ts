import { z } from 'zod';

/** How the files of a scan can be sorted, besides as they were found; a "-" turns the order round. By `processed`, what never was stands first. */
export const FILE_ORDERS = ['path', '-path', 'size', '-size', 'processed', '-processed'] as const;
export const FileOrder = z.enum(FILE_ORDERS);
export type FileOrder = z.infer<typeof FileOrder>;
