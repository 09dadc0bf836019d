import type { Verdict } from './file';
import type { Findings } from './findings';
import type { Detection, FileState, Status } from './result';

/** What a rescan can change about a file; a file may have several. Their order is their bit in the store: only ever append. */
export const CHANGES = [
  'allowedToBlocked',
  'blockedToAllowed',
  'newlyDetected',
  'newlyReadable',
  'newlyFailing',
  'stillFailing',
  'gone',
  'contentChanged',
  'moved',
] as const;
export type Change = (typeof CHANGES)[number];

/** The changes in words, for people. */
export const CHANGE_WORDS: { [change in Change]: string } = {
  allowedToBlocked: 'Allowed → Blocked',
  blockedToAllowed: 'Blocked → Allowed',
  newlyDetected: 'newly detected',
  newlyReadable: 'newly readable',
  newlyFailing: 'newly failing',
  stillFailing: 'still failing',
  gone: 'gone',
  contentChanged: 'changed on disk since',
  moved: 'gone, and met at another path since',
};

/** A file's outcome before a rescan. */
export interface Before {
  state: FileState;
  status?: Status;
  detections: Detection[];
  /** Of the content that it had when it was read last; undefined when it never was. */
  sha256?: string;
}

/** Also of a file that was never come to, because its scan was canceled. */
const wasNotRead = ({ state, detections }: Pick<Before, 'state' | 'detections'>): boolean =>
  state === 'Failed' || state === 'Canceled' || detections.includes('Encrypted') || detections.includes('Unscannable');

/** Says what a processing changed against the one before it. */
export const changesSince = (before: Before, verdict: Verdict, { content, unread }: Findings): Change[] => {
  const changes: Change[] = [];
  if (before.status === 'Allowed' && verdict.status === 'Blocked') changes.push('allowedToBlocked');
  if (before.status === 'Blocked' && verdict.status === 'Allowed') changes.push('blockedToAllowed');
  if (verdict.detections.some((detection) => !before.detections.includes(detection))) changes.push('newlyDetected');
  if (verdict.state === 'Available' && wasNotRead(before) && !wasNotRead(verdict)) changes.push('newlyReadable');
  if (verdict.state === 'Failed') changes.push(before.state === 'Failed' ? 'stillFailing' : 'newlyFailing');
  if (unread?.why === 'gone') changes.push('gone');
  if (unread?.movedTo !== undefined) changes.push('moved');
  if (before.sha256 !== undefined && content !== undefined && content.sha256 !== before.sha256)
    changes.push('contentChanged');
  return changes;
};

/** Changes as a bit set, the way the store keeps them. */
export const changeBits = (changes: Change[]): number =>
  changes.reduce((bits, change) => bits | (1 << CHANGES.indexOf(change)), 0);

export const changesOf = (bits: number): Change[] => CHANGES.filter((_, bit) => bits & (1 << bit));
