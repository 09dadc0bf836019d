export const realtimeTexts = {
  title: 'Real-time',
  about: 'Storages in which what is new or changed is looked into by itself.',
  none: 'There is no storage yet',
  noneAbout: 'Real-time processing is for storages. An administrator adds one under Storages.',
  columns: { storage: 'Storage', state: 'State', listed: 'Gone through', files: 'Looked into', actions: 'Actions' },
  states: {
    off: 'Off',
    starting: 'Starting',
    listing: 'Going through all',
    watching: 'Watching',
    polling: 'Listing again and again',
    away: 'Cannot be reached',
  },
  lost: (n: number) =>
    n === 1
      ? 'Events were lost once, and all was gone through again.'
      : `Events were lost ${n} times, and all was gone through again.`,
  report: 'Its report',
  start: 'Start',
  startOf: (name: string) => `Start real-time processing of ${name}`,
  stop: 'Stop',
  stopOf: (name: string) => `Stop real-time processing of ${name}`,
  stopTitle: 'Stop real-time processing?',
  stopAbout:
    'What is due is still looked into, then its report is finished and can be reprocessed. What changes from now on is not looked into.',
  stopped: (name: string) => `Real-time processing of ${name} is stopped.`,
  startTitle: 'Start real-time processing',
  startAbout:
    'Each file that is new or changed from now on is looked into by itself, until it is stopped; also after a restart of this host.',
  existing: 'Look into what is there already, too',
  go: 'Start real-time processing',
  started: (name: string) => `Real-time processing of ${name} has started.`,
};

export const storageTexts = {
  title: 'Storages',
  about: 'Where files are that are looked into.',
  none: 'There is no storage yet',
  noneAbout: 'A storage is a folder on this host or a bucket of an object storage, whose files are scanned together.',
  add: 'Add a storage',
  addTitle: 'Add a storage',
  changeTitle: 'Change the storage',
  columns: { name: 'Storage', workflow: 'Workflow', latest: 'Latest scan', actions: 'Actions' },
  kind: 'Where it is',
  kinds: { local: 'On this host', s3: 'In an S3 bucket' },
  name: 'Name',
  path: 'Folder',
  pathHint: 'An absolute path on the host on which Assay runs, such as /srv/share.',
  workflow: 'Workflow',
  workflowHint: 'Which engines are asked and what is blocked, in its scans and in real-time processing.',
  workflowDefault: 'The default workflow',
  added: (name: string) => `The storage ${name} is added.`,
  changed: (name: string) => `The storage ${name} is changed. Scans that run go on as they began.`,
  scan: 'Scan',
  scanOf: (name: string) => `Scan ${name}`,
  test: 'Test',
  testOf: (name: string) => `Test ${name}`,
  reachable: (name: string) => `${name} can be reached.`,
  change: 'Change',
  changeOf: (name: string) => `Change ${name}`,
  removeOf: (name: string) => `Remove ${name}`,
  removeTitle: 'Remove this storage?',
  removeVerb: 'Remove the storage',
  removeAbout: (name: string) =>
    `Assay forgets ${name} and looks into it no more. No file is touched, and the reports of its scans stay.`,
  removed: (name: string) => `The storage ${name} is removed.`,
};

export const bucketTexts = {
  fields: {
    endpoint: {
      label: 'Address of the server',
      description: 'Of an S3-compatible server, with http:// or https://. Left empty, it is Amazon S3.',
    },
    bucket: { label: 'Bucket', description: 'Its name alone.' },
    region: { label: 'Region', description: 'Of Amazon, where the bucket is.' },
    prefix: {
      label: 'Only what begins with',
      description: 'The beginning of the keys; end it with a slash for a folder. Left empty, the whole bucket.',
    },
    accessKeyId: {
      label: 'Access key',
      description: 'It may list and read; for remediation also write, tag and delete.',
    },
    secretAccessKey: { label: 'Secret key' },
    sessionToken: { label: 'Session token', description: 'Of temporary credentials. It goes with a new secret key.' },
  },
  secret: 'Kept sealed, and never shown again.',
  secretStays: 'Left empty, the one that it has stays.',
  show: 'Show or hide it',
  more: 'Further choices: how the bucket is named, temporary credentials',
  pathStyle: 'How the bucket is named',
  pathStyles: {
    usual: 'As usual for the server',
    path: 'In the path: HOST/BUCKET',
    host: 'In the host name: BUCKET.HOST',
  },
};

export const engineTexts = {
  title: 'Engines',
  about: 'What is asked about each file. Engines are named in the configuration file, under "engines".',
  none: 'No engine runs',
  noneAbout: 'Name engines in the configuration file and start Assay again.',
  columns: { name: 'Engine', state: 'State', finds: 'Can find', definitions: 'Definitions', made: 'Made' },
  states: { starting: 'Starting', ready: 'Ready', failing: 'Not working' },
  reload: 'Reload definitions',
  reloadAbout: 'Every engine is opened anew and reads its rules and lists again. Scans go on meanwhile.',
  reloaded: 'The engines are open anew. Reports say which of their files would be judged with newer definitions today.',
  unknown: 'not known',
  kinds: {
    Blocklisted: 'Blocked by a list',
    Allowlisted: 'Allowed by a list',
    PotentiallyUnwanted: 'Potentially unwanted',
  },
};

export const auditTexts = {
  title: 'Audit',
  about: 'Who did what, newest first. "local" is whoever may use the command line on this host.',
  none: 'Nothing was done yet',
  noneAbout: 'What users, API keys and the command line do is written down here.',
  columns: { time: 'When', actor: 'Who', action: 'What', detail: 'Of what' },
};
