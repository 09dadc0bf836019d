import type { Content, EngineAnswer, FileType, Findings, MemberOutcome, Trouble } from '../core/findings';
import type { Detection, ResultCode } from '../core/result';
import { codeOfAnswer, isSlight, RESULT_OF_KIND, type Thresholds } from './answer';

/** One thing that was found out about a file, with the result that it alone would have. */
export interface Point {
  code: ResultCode;
  detections: Detection[];
  by?: string;
  says: string;
}

/** What a file or a member of one is judged by. */
export type Judged = Pick<Findings, 'answers' | 'takenApart' | 'troubles'> & {
  content?: Pick<Content, 'type' | 'mismatch'>;
  /** Of a member that could not be read: what it lies in. */
  within?: FileType;
};

const OF_TROUBLE: { [why in Trouble['why']]: { code: ResultCode; detection: Detection } } = {
  encrypted: { code: 12, detection: 'Encrypted' },
  depth: { code: 9, detection: 'Unscannable' },
  files: { code: 14, detection: 'Unscannable' },
  size: { code: 13, detection: 'Unscannable' },
  expansion: { code: 60, detection: 'Unscannable' },
  time: { code: 16, detection: 'Unscannable' },
  damaged: { code: 24, detection: 'Unscannable' },
  unsupported: { code: 23, detection: 'Unscannable' },
};

const DOCUMENT = /^application\/(pdf|msword|vnd\.(ms-(excel|powerpoint)|oasis\.opendocument|openxmlformats)|encrypted)/;

const isDocument = ({ content, within }: Judged): boolean => {
  const type = content?.type ?? within;
  return type !== undefined && (type.encrypted === 'document' || DOCUMENT.test(type.mime));
};

const typesIn = ({ sensitive, name }: EngineAnswer, { sensitiveDataThreshold }: Thresholds): string =>
  sensitive?.types
    .filter(({ score }) => score >= sensitiveDataThreshold)
    .map(({ displayName, count }) => `${displayName} (${count})`)
    .join(', ') ??
  name ??
  'something without a name';

const ofDetection = (answer: EngineAnswer, judged: Judged, terms: Thresholds): Point => {
  const { kind = 'Threat', name = 'something without a name', engineName: by } = answer;
  const { detection } = RESULT_OF_KIND[kind];
  const detections = detection === undefined ? [] : [detection];
  const code = codeOfAnswer(answer, terms);
  switch (kind) {
    case 'Unscannable':
      return { code, detections, by, says: `${by} could not look into all of it: ${name}.` };
    case 'Encrypted': {
      const says = `${by} could not look into it: it is encrypted (${name}).`;
      return { code: isDocument(judged) ? 15 : code, detections, by, says };
    }
    case 'Allowlisted':
      return { code, detections, by, says: `It is on an allow list: ${name}.` };
    case 'SensitiveData':
      return { code, detections, by, says: `${by} found ${typesIn(answer, terms)}.` };
    default:
      return { code, detections, by, says: `${by} found ${name}.` };
  }
};

/** Whether an engine looked and found nothing that counts. */
const isFine = (answer: EngineAnswer, terms: Thresholds): boolean =>
  answer.status === 'clean' || (isSlight(answer, terms) && answer.sensitive?.unread === undefined);

const FINE: Point = { code: 0, detections: [], says: '' };

const ofAnswer = (answer: EngineAnswer, judged: Judged, terms: Thresholds): Point => {
  const by = answer.engineName;
  const code = codeOfAnswer(answer, terms);
  // What is too slight to count leaves what an engine says where it found nothing.
  const { status, reason } = isSlight(answer, terms)
    ? (answer.sensitive?.unread ?? { status: 'clean', reason: undefined })
    : answer;
  switch (status) {
    case 'detected':
      return ofDetection(answer, judged, terms);
    case 'clean':
      return FINE;
    case 'skipped':
      return { code, detections: ['Unscannable'], by, says: `${by} did not look into it: ${reason}.` };
    case 'failed':
      return { code, detections: [], by, says: `${by} failed: ${reason}.` };
  }
};

const ofTrouble = ({ why, message }: Trouble, judged: Judged): Point => {
  const { code, detection } = OF_TROUBLE[why];
  if (why === 'encrypted') return { code: isDocument(judged) ? 15 : code, detections: [detection], says: message };
  const begin = why === 'damaged' ? 'It could not be taken apart to its end' : 'Not all of it was looked into';
  return { code, detections: [detection], says: `${begin}: ${message}` };
};

/** Whether an engine that looks inside by itself said that nothing is there. */
const isSeenByEngine = ({ answers }: Judged): boolean =>
  answers.some(({ status, looksInside }) => status === 'clean' && looksInside);

/** What nobody can have seen: the inside of what is encrypted, whatever engines say, and that of a container unless an engine that looks inside spoke. */
const ofUnopened = (judged: Judged): Point[] => {
  if (judged.content === undefined) return [];
  const { encrypted, container, description } = judged.content.type;
  if (encrypted !== undefined) {
    const says = `It is encrypted (${description}): nobody could look inside.`;
    return [{ code: encrypted === 'archive' ? 12 : 15, detections: ['Encrypted'], says }];
  }
  if (!container || isSeenByEngine(judged)) return [];
  const says = `What lies inside this ${description} was not looked into: no engine that ran unpacks it.`;
  return [{ code: 10, detections: ['Unscannable'], says }];
};

/** What Assay itself could not look into. */
const ofTroubles = (judged: Judged): Point[] => {
  const seen = isSeenByEngine(judged);
  return (judged.troubles ?? [])
    .filter(({ why }) => !(seen && why === 'unsupported'))
    .map((trouble) => ofTrouble(trouble, judged));
};

// Somebody's word that one member is good says nothing about the others.
const ofMembers = ({ resultCode, detections, says, decidedBy }: MemberOutcome): Point => ({
  code: resultCode === 7 ? 0 : resultCode,
  detections,
  by: decidedBy,
  says,
});

/** All that was found out about a file, or a member of one, and about what lies in it. */
export const pointsOf = (judged: Judged, inside: MemberOutcome[], terms: Thresholds): Point[] => {
  const { answers, takenApart = false, troubles = [], content } = judged;
  const wasUnlocked = takenApart && !troubles.some(({ why }) => why === 'encrypted');
  const about = answers
    // What an engine could not open was opened here, and the engine was asked about what came out.
    .filter(({ kind }) => !(wasUnlocked && kind === 'Encrypted'))
    // Who looks for other things than threats does not say that there are none.
    .filter((answer) => !(answer.besideThreats === true && isFine(answer, terms)))
    .map((answer) => ofAnswer(answer, judged, terms));
  const unseen = [...ofTroubles(judged), ...(takenApart ? [] : ofUnopened(judged)), ...inside.map(ofMembers)];
  const claimed: Point[] =
    content?.mismatch === undefined ? [] : [{ code: 17, detections: ['TypeMismatch'], says: content.mismatch }];
  // An engine's clean speaks for the outside alone where not all of the inside was seen.
  const isSeen = unseen.every(({ code }) => code === 0);
  return [...unseen, ...about, ...claimed].filter(({ code }) => code !== 0 || isSeen);
};
