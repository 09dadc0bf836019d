import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Context } from 'hono';
import type { PageFile } from '../ui/bundle';

/** Scripts and style sheets come from here alone; what the page's components put into `style` elements needs the answer's nonce. */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** An asset's name has its content's hash in it, so it is never asked for again. */
const FOREVER = 'public, max-age=31536000, immutable';

const sendPage = (c: Context, html: string): Response => {
  const nonce = randomBytes(16).toString('base64');
  return c.html(html.replace('content="NONCE"', `content="${nonce}"`), 200, {
    'Content-Security-Policy': policy(nonce),
  });
};

const sendAsset = (c: Context, { path, type, gzip }: PageFile): Response => {
  const etag = `"${path.slice(path.lastIndexOf('/') + 1)}"`;
  const headers = { 'Content-Type': type, 'Cache-Control': FOREVER, ETag: etag, Vary: 'Accept-Encoding' };
  if (c.req.header('If-None-Match')?.includes(etag)) return c.body(null, 304, headers);
  if (!c.req.header('Accept-Encoding')?.includes('gzip')) return c.body(new Uint8Array(gunzipSync(gzip)), 200, headers);
  return c.body(new Uint8Array(gzip), 200, { ...headers, 'Content-Encoding': 'gzip' });
};

/** Answers with the web page at every address that is not the API's: which screen it is, the page itself knows. */
export const createPage = (read: () => Promise<PageFile[]>) => {
  let page: Promise<{ html: string; assets: Map<string, PageFile> }> | undefined;
  const load = async () => {
    const files = await read();
    const index = files.find(({ path }) => path === '/');
    if (index === undefined) throw new Error('the page has no index.html');
    const assets = new Map(files.filter((file) => file !== index).map((file) => [file.path, file]));
    return { html: gunzipSync(index.gzip).toString(), assets };
  };

  return async (c: Context): Promise<Response> => {
    const { path } = c.req;
    if (path === '/api' || path.startsWith('/api/')) return c.notFound();
    page ??= load();
    const { html, assets } = await page;
    const asset = assets.get(path);
    if (asset !== undefined) return sendAsset(c, asset);
    return path.startsWith('/assets/') ? c.notFound() : sendPage(c, html);
  };
};
