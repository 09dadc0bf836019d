import type { FileType } from '../core/findings';

/** Why a file's name claims another type than its content has, where that matters; undefined when it does not. */
export const mismatchOf = (_name: string, _type: FileType): string | undefined => undefined;
