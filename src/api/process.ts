import { createRoute, z } from '@hono/zod-openapi';
import { Fault } from '../core/fault';
import { PathText } from '../core/path-text';
import { type Storage, storageTypeOf } from '../core/storage';
import { eitherCase } from './capitals';
import type { ApiDeps } from './deps';
import { needs } from './gate';
import { Acknowledgement, body, createRouter, errors, json } from './router';

const Wish = z
  .strictObject({
    filePaths: z.array(PathText.min(1)).min(1).max(1000).openapi({
      description: 'Paths in the storage: of a folder relative to it or absolute, of a bucket whole keys.',
    }),
    storageName: z.string(),
    storageType: z.number().int().openapi({ description: '0 Amazon S3, 6 S3-compatible, 100 a local folder.' }),
  })
  .openapi('ProcessRequest', { description: 'The keys may begin with a capital letter, too: `FilePaths`.' });

const process = createRoute({
  method: 'post',
  path: '/process',
  tags: ['Files'],
  summary: 'Look into the files at some paths of a storage',
  description: 'Makes a scan of just these files. One that is not there gets a result that says so.',
  middleware: needs('operator'),
  request: { body: body(eitherCase(Wish)) },
  responses: {
    202: json(
      Acknowledgement.extend({
        fileIds: z.array(z.string()).openapi({ description: 'One for each path, in their order.' }),
        scanId: z.string(),
      }),
      'The files are processed.',
    ),
    ...errors,
  },
});

export const createProcessRoutes = ({ store, scans }: ApiDeps) => {
  const getStorage = async (name: string, type: number): Promise<Storage> => {
    const storage = await store.storages.findByName(name);
    if (storage !== undefined && storageTypeOf(storage.options) === type) return storage;
    throw new Fault('NOT_FOUND', `There is no storage "${name}" of the type ${type}.`, {
      hint: 'List the storages to see their names and types.',
    });
  };

  return createRouter().openapi(process, async (c) => {
    const { filePaths, storageName, storageType } = c.req.valid('json');
    const { id } = await getStorage(storageName, storageType);
    const started = await scans.startFiles({ storageId: id, paths: filePaths }, c.get('actor').name);
    const { length } = filePaths;
    const responseMessage = `The processing of ${length} ${length === 1 ? 'file' : 'files'} has started.`;
    const { fileIds, scan } = started;
    return c.json({ fileIds, scanId: scan.id, responseKey: 'STARTED_PROCESSING_FILES', responseMessage }, 202);
  });
};
