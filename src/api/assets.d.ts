/** The documentation page's script; importing it as a file gives the path at which it can be read. */
declare module '*/dist/browser/standalone.js' {
  const path: string;
  export default path;
}
