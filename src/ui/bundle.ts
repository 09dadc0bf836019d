import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the page as it is sent: always under gzip, which browsers also take where there is no TLS. */
export interface PageFile {
  /** "/" is the page itself; every other path names its content by a hash. */
  path: string;
  type: string;
  gzip: Uint8Array;
}

const NAMES = 'assets/[name]-[hash].[ext]';

/** Bundles the page for browsers. Its addresses are absolute, so that it works at the depth of any screen. */
export const bundlePage = async (): Promise<PageFile[]> => {
  const { outputs } = await Bun.build({
    entrypoints: [join(import.meta.dir, 'index.html')],
    target: 'browser',
    minify: true,
    publicPath: '/',
    naming: { chunk: NAMES, asset: NAMES },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return Promise.all(
    outputs.map(async (output) => ({
      path: output.path.endsWith('.html') ? '/' : output.path.replace(/^[./]*/, '/'),
      type: output.type.replace(/;\s*/, '; '),
      gzip: gzipSync(await output.arrayBuffer(), { level: 9 }),
    })),
  );
};
