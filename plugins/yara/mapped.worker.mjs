// Scans one mapped file at a time, away from the thread that opened the engine: a native scan of gigabytes blocks its thread.
const { toArrayBuffer } = require('bun:ffi');

let yara;

// A throw here reaches the starter as the worker's error event.
const load = ({ library, rules, timeout, maxMatches }) => {
  const binding = { exports: {} };
  process.dlopen(binding, library);
  yara = binding.exports.deserialize(Buffer.from(rules));
  yara.setTimeout(timeout);
  yara.setMaxMatchesPerPattern(maxMatches);
};

// One reply to each file, so that the starter cannot mistake one file's answer for another's.
const scan = ({ address, size }) => {
  try {
    const matches = yara.scan(Buffer.from(toArrayBuffer(address, 0, size)));
    return { matches: matches.map(({ matches: _, ...rule }) => rule) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
};

self.onmessage = ({ data }) => {
  if (data.library) load(data);
  else self.postMessage(scan(data));
};
