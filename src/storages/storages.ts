import type { StorageOptions } from '../core/storage';
import type { Backend } from './contract';
import { createLocal } from './local';

/** Makes the backend of a storage by its kind. */
export type OpenBackend = (options: StorageOptions) => Backend;

/** @param except folders of this host that no storage looks into: Assay's own state */
export const createOpenBackend =
  (except: string[]): OpenBackend =>
  (options) =>
    createLocal(options.path, except);
