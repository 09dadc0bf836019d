import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StoredObject {
  body: Buffer;
  etag: string;
  /** What it has beside its content, as headers. */
  headers: { [name: string]: string };
  tags: { [name: string]: string };
  modified: Date;
}

export interface ObjectServer {
  endpoint: string;
  /** What the bucket holds, by key. */
  objects: Map<string, StoredObject>;
  /** Puts an object there behind everybody's back. */
  put: (key: string, body: string | Uint8Array) => void;
  /** The most keys that a listing gives at once. */
  pageSize: number;
  /** Answers a request instead of the server when it returns true. The method, and the path with its query, come with it. */
  instead: ((asked: string, request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** Called when a request was done; its answer is left out when it returns true. */
  after: ((response: ServerResponse) => boolean) | undefined;
  stop: () => Promise<void>;
}

const KEPT = /^(x-amz-meta-.*|content-(type|encoding|disposition|language)|cache-control)$/;
const md5 = (body: Uint8Array) => new Bun.CryptoHasher('md5').update(body).digest('hex');
const xml = (name: string, content: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`;
const inXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const outOfXml = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

interface Asked {
  key: string;
  query: URLSearchParams;
  header: (name: string) => string | undefined;
  body: Buffer;
}

type Answer = { status?: number; headers?: { [name: string]: string }; body?: string | Buffer };

const refuse = (status: number, Code: string): Answer => ({ status, body: xml('Error', `<Code>${Code}</Code>`) });
const GONE = refuse(404, 'NoSuchKey');
const DIFFERS = refuse(412, 'PreconditionFailed');

/**
 * An S3 server of the tests' own, with one bucket in memory. It knows what the real one here does not: If-None-Match, If-Match and tags;
 * and it can be made to lie.
 */
export const startObjects = async (): Promise<ObjectServer> => {
  const objects = new Map<string, StoredObject>();
  const uploads = new Map<string, { headers: StoredObject['headers']; parts: Map<number, Buffer> }>();

  const store = (
    key: string,
    body: Buffer,
    headers: StoredObject['headers'],
    tags: StoredObject['tags'],
    of = body,
  ) => {
    const made = { body, etag: md5(of), headers, tags, modified: new Date() };
    objects.set(key, made);
    return made;
  };
  const etagOf = ({ etag }: StoredObject) => ({ etag: `"${etag}"` });
  const keptHeaders = (request: IncomingMessage) =>
    Object.fromEntries(Object.entries(request.headers).filter(([name]) => KEPT.test(name))) as StoredObject['headers'];
  const source = ({ header }: Asked): StoredObject | undefined => {
    const [, ...key] = decodeURIComponent(header('x-amz-copy-source')?.split('?')[0] ?? '').split('/');
    return objects.get(key.join('/'));
  };

  const list = ({ query }: Asked): Answer => {
    const [prefix, after] = [query.get('prefix') ?? '', query.get('start-after') ?? ''];
    const most = Math.min(self.pageSize, Number(query.get('max-keys') ?? 1000));
    const bytes = (key: string) => Buffer.from(key);
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(prefix) && Buffer.compare(bytes(key), bytes(after)) > 0)
      .sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
    const entries = keys.slice(0, most).map((key) => {
      const { body, etag, modified } = objects.get(key)!;
      return `<Contents><Key>${inXml(encodeURIComponent(key))}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>"${etag}"</ETag><Size>${body.length}</Size></Contents>`;
    });
    const head = `<EncodingType>url</EncodingType><IsTruncated>${keys.length > most}</IsTruncated>`;
    return { body: xml('ListBucketResult', head + entries.join('')) };
  };

  const get = ({ key, header }: Asked): Answer => {
    const object = objects.get(key);
    if (object === undefined) return GONE;
    if (header('if-match') !== undefined && header('if-match') !== `"${object.etag}"`) return DIFFERS;
    const { body, headers, modified, tags } = object;
    const more = { ...headers, ...etagOf(object), 'last-modified': modified.toUTCString(), 'accept-ranges': 'bytes' };
    const count = Object.keys(tags).length;
    const all = count === 0 ? more : { ...more, 'x-amz-tagging-count': String(count) };
    const range = /^bytes=(\d+)-(\d*)$/.exec(header('range') ?? '');
    if (range === null) return { headers: all, body };
    const end = range[2] === '' ? body.length : Math.min(Number(range[2]) + 1, body.length);
    const part = body.subarray(Number(range[1]), end);
    const span = `bytes ${range[1]}-${end - 1}/${body.length}`;
    return { status: 206, headers: { ...all, 'content-range': span }, body: part };
  };

  const put = (asked: Asked, request: IncomingMessage): Answer => {
    const { key, body, header } = asked;
    if (header('if-none-match') === '*' && objects.has(key)) return DIFFERS;
    const tags = Object.fromEntries(new URLSearchParams(header('x-amz-tagging')));
    if (header('x-amz-copy-source') === undefined)
      return { headers: etagOf(store(key, body, keptHeaders(request), tags)) };
    const from = source(asked);
    if (from === undefined) return GONE;
    if (header('x-amz-copy-source-if-match') !== `"${from.etag}"`) return DIFFERS;
    const made = store(key, from.body, keptHeaders(request), from.tags);
    return { body: xml('CopyObjectResult', `<ETag>"${made.etag}"</ETag>`) };
  };

  const remove = ({ key, header }: Asked): Answer => {
    const object = objects.get(key);
    if (object !== undefined && header('if-match') !== undefined && header('if-match') !== `"${object.etag}"`)
      return DIFFERS;
    objects.delete(key);
    return { status: 204 };
  };

  const tagging = ({ key, body }: Asked, isSet: boolean): Answer => {
    const object = objects.get(key);
    if (object === undefined) return GONE;
    if (isSet) {
      const pairs = body.toString().matchAll(/<Key>(.*?)<\/Key><Value>(.*?)<\/Value>/gs);
      object.tags = Object.fromEntries(
        [...pairs].map(([, name = '', value = '']) => [outOfXml(name), outOfXml(value)]),
      );
      return {};
    }
    const set = Object.entries(object.tags).map(
      ([name, value]) => `<Tag><Key>${inXml(name)}</Key><Value>${inXml(value)}</Value></Tag>`,
    );
    return { body: xml('Tagging', `<TagSet>${set.join('')}</TagSet>`) };
  };

  const multipart = (asked: Asked, method: string, request: IncomingMessage): Answer => {
    const { key, query, header, body } = asked;
    if (query.has('uploads')) {
      const id = `upload-${uploads.size + 1}`;
      uploads.set(id, { headers: keptHeaders(request), parts: new Map() });
      return { body: xml('InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`) };
    }
    const id = query.get('uploadId') ?? '';
    const upload = uploads.get(id);
    if (upload === undefined) return refuse(404, 'NoSuchUpload');
    if (method === 'PUT') {
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(header('x-amz-copy-source-range') ?? '') ?? [];
      const part = start === undefined ? body : source(asked)!.body.subarray(Number(start), Number(end) + 1);
      upload.parts.set(Number(query.get('partNumber')), part);
      const etag = `"${md5(part)}"`;
      return start === undefined ? { headers: { etag } } : { body: xml('CopyPartResult', `<ETag>${etag}</ETag>`) };
    }
    uploads.delete(id);
    if (method === 'DELETE') return { status: 204 };
    if (header('if-none-match') === '*' && objects.has(key)) return DIFFERS;
    const whole = Buffer.concat([...upload.parts.entries()].sort(([a], [b]) => a - b).map(([, part]) => part));
    const { etag } = store(key, whole, upload.headers, {});
    return { body: xml('CompleteMultipartUploadResult', `<ETag>"${etag}"</ETag>`) };
  };

  const answer = (asked: Asked, method: string, request: IncomingMessage): Answer => {
    const { key, query } = asked;
    if (key === '') return list(asked);
    if (query.has('uploads') || query.has('uploadId')) return multipart(asked, method, request);
    if (query.has('tagging')) return tagging(asked, method === 'PUT');
    if (method === 'PUT') return put(asked, request);
    return method === 'DELETE' ? remove(asked) : get(asked);
  };

  const server = createServer(async (request, response) => {
    const [method = '', url = ''] = [request.method, request.url];
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    if (self.instead?.(`${method} ${url}`, request, response)) return;
    const [path = '', query] = url.split('?');
    const key = decodeURIComponent(path.split('/').slice(2).join('/'));
    const header = (name: string) => request.headers[name] as string | undefined;
    const asked = { key, query: new URLSearchParams(query), header, body: Buffer.concat(pieces) };
    const { status = 200, headers = {}, body = '' } = answer(asked, method, request);
    if (self.after?.(response)) return;
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const self: ObjectServer = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    put: (key, body) => void store(key, Buffer.from(body as Uint8Array), {}, {}),
    pageSize: 1000,
    instead: undefined,
    after: undefined,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
};
