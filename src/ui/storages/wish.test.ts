import { expect, test } from 'bun:test';
import { toRequest, wishFor } from './wish';

const bucket = {
  ...wishFor(),
  kind: 's3' as const,
  name: 'Files',
  bucket: 'files ',
  accessKeyId: 'key',
  secretAccessKey: 'secret',
};

test('a folder is asked for with nothing of a bucket', () => {
  expect(toRequest({ ...wishFor(), name: 'Share', path: '/srv' })).toEqual({
    name: 'Share',
    options: { kind: 'local', path: '/srv' },
    workflowId: undefined,
  });
});

test('a bucket of Amazon names no endpoint; one of another server does, and how it names buckets', () => {
  expect(toRequest(bucket).options).toMatchObject({ bucket: 'files', region: 'us-east-1', secretAccessKey: 'secret' });
  expect(toRequest(bucket).options).toMatchObject({ endpoint: undefined, pathStyle: undefined });
  const other = toRequest({ ...bucket, endpoint: ' https://minio.example ', pathStyle: 'host' });
  expect(other.options).toMatchObject({ endpoint: 'https://minio.example', pathStyle: false });
});

test('what is changed of a bucket leaves its secret as it is, unless another is given', () => {
  const options = { kind: 's3' as const, bucket: 'files', region: 'eu-west-1', prefix: 'in/', accessKeyId: 'key' };
  const storage = { id: '1', name: 'Files', storageType: 0, created: '', options: { ...options, pathStyle: true } };
  expect(toRequest(wishFor(storage)).options).toEqual({
    ...options,
    pathStyle: true,
    endpoint: undefined,
    secretAccessKey: undefined,
    sessionToken: undefined,
  });
});
