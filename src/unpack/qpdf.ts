import createModule from '@neslinesli93/qpdf-wasm';
import wasm from '@neslinesli93/qpdf-wasm/dist/qpdf.wasm' with { type: 'file' };

/** What a password does to a document: opens it, does not; or the document is not encrypted, or in a way that qpdf does not know, or beyond repair. */
export type Fit = 'opens' | 'wrong' | 'plain' | 'unsupported' | 'damaged';

/** A PDF in the memory of a WebAssembly sandbox of its own. */
export interface Qpdf {
  tryPassword: (password: Uint8Array) => Fit;
  /** The document without its encryption, otherwise as it was; undefined when it is beyond repair. */
  decrypt: (password: Uint8Array) => Uint8Array | undefined;
}

/** What of Emscripten's module is used; the package's own types leave most of it out. */
interface Module {
  callMain: (args: string[]) => unknown;
  FS: {
    init: (input: () => null, output: (byte: number) => void, error: (byte: number) => void) => void;
    writeFile: (path: string, bytes: Uint8Array) => void;
    readFile: (path: string) => Uint8Array;
    unlink: (path: string) => void;
  };
}

const create = createModule as unknown as (options: {
  locateFile: () => string;
  thisProgram: string;
  preRun: ((module: Module) => void)[];
}) => Promise<Module>;

/** qpdf's exit codes, and those of --requires-password (qpdf manual, "Exit Status"). */
const SUCCESS = 0;
const WARNINGS = 3;
const OPENS = 3;
const OTHER_NEEDED = 0;
const PLAIN = 2;
/** More of its messages than this is of no use. Characters. */
const MESSAGES = 4096;

/** Loads qpdf around one document; it goes when nobody holds it any more. It is synchronous: 100 MB take about a second. */
export const openQpdf = async (document: Uint8Array): Promise<Qpdf> => {
  let said = '';
  const module = await create({
    locateFile: () => wasm,
    thisProgram: 'qpdf',
    preRun: [
      ({ FS }) =>
        FS.init(
          () => null,
          () => {},
          (byte) => {
            if (said.length < MESSAGES) said += String.fromCharCode(byte);
          },
        ),
    ],
  });
  module.FS.writeFile('/in.pdf', document);

  const run = (password: Uint8Array, ...args: string[]): unknown => {
    said = '';
    // Arguments can only be UTF-8; a password may be any bytes.
    module.FS.writeFile('/password', password);
    // Emscripten's exit is the program's own idea of one. Bun does not take undefined back.
    const { exitCode = 0 } = process;
    try {
      return module.callMain(['--password-file=/password', '/in.pdf', ...args]);
    } catch {
      return undefined;
    } finally {
      process.exitCode = exitCode;
      module.FS.unlink('/password');
    }
  };

  return {
    tryPassword: (password) => {
      const code = run(password, '--requires-password');
      if (code === OPENS) return 'opens';
      if (code === OTHER_NEEDED || said.includes('invalid password')) return 'wrong';
      if (/unsupported/i.test(said)) return 'unsupported';
      return code === PLAIN && said === '' ? 'plain' : 'damaged';
    },
    decrypt: (password) => {
      const how = ['--decrypt', '--preserve-unreferenced', '--stream-data=preserve', '--object-streams=preserve'];
      const code = run(password, ...how, '/out.pdf');
      if (code !== SUCCESS && code !== WARNINGS) return undefined;
      const decrypted = module.FS.readFile('/out.pdf');
      module.FS.unlink('/out.pdf');
      return decrypted;
    },
  };
};
