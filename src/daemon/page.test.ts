import { beforeAll, expect, test } from 'bun:test';
import { Hono } from 'hono';
import { createPage } from './page';
import { readPageFiles } from './page-files';

const app = new Hono();
let html: string;
let script: string;
let style: string;

beforeAll(async () => {
  app.get('*', createPage(readPageFiles));
  html = await (await app.request('/')).text();
  script = /src="([^"]*\.js)"/.exec(html)?.[1] ?? '';
  style = /href="([^"]*\.css)"/.exec(html)?.[1] ?? '';
});

test('the page answers at the address of every screen, and never where the API is', async () => {
  for (const path of ['/', '/reports/019a?status=Blocked', '/anything/else']) {
    const res = await app.request(path);
    expect(res.headers.get('Content-Type')).toContain('text/html');
    expect(await res.text()).toContain('<div id="root">');
  }
  for (const path of ['/api', '/api/nothing', '/assets/nothing.js']) expect((await app.request(path)).status).toBe(404);
});

test('nothing of the page comes from elsewhere, and no script is in it', () => {
  const sources = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, source]) => source);
  expect(sources).toHaveLength(3);
  for (const source of sources) expect(source).toMatch(/^\/assets\/[\w.-]+$/);
  expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=/);
});

test('the policy takes no inline script, and a style element only with the nonce of its own answer', async () => {
  const [first, second] = await Promise.all(['/', '/'].map((path) => app.request(path)));
  const policy = first!.headers.get('Content-Security-Policy') ?? '';
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'; ");
  expect(policy.match(/'unsafe-[a-z]+'/g)).toEqual(["'unsafe-inline'"]);
  expect(policy).toContain("style-src-attr 'unsafe-inline'");
  expect(await first!.text()).toContain(`<meta name="nonce" content="${nonce}">`);
  expect(second!.headers.get('Content-Security-Policy')).not.toContain(nonce);
});

test('assets are compressed, kept for ever, and not sent twice', async () => {
  const gzip = await app.request(script, { headers: { 'Accept-Encoding': 'br, gzip' } });
  expect(gzip.headers.get('Content-Encoding')).toBe('gzip');
  expect(gzip.headers.get('Cache-Control')).toContain('immutable');
  const plain = await app.request(script, { headers: { 'Accept-Encoding': 'identity' } });
  expect(plain.headers.get('Content-Encoding')).toBeNull();
  const unpacked = Bun.gunzipSync(await gzip.arrayBuffer());
  expect(Buffer.from(unpacked).equals(Buffer.from(await plain.arrayBuffer()))).toBe(true);
  const etag = gzip.headers.get('ETag') ?? '';
  expect((await app.request(script, { headers: { 'If-None-Match': etag } })).status).toBe(304);
});

test('a browser loads less than 350 KB of script', async () => {
  const files = await readPageFiles();
  const size = (extension: string) =>
    files.filter(({ path }) => path.endsWith(extension)).reduce((sum, { gzip }) => sum + gzip.length, 0);
  console.info(`script ${(size('.js') / 1000).toFixed(0)} KB, styles ${(size('.css') / 1000).toFixed(0)} KB`);
  expect(style).not.toBe('');
  expect(size('.js')).toBeGreaterThan(50_000);
  expect(size('.js')).toBeLessThan(350_000);
});
