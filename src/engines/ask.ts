import type { EngineAnswer } from '../core/findings';
import { toAnswer, toDefinitions } from './answer';
import type { Definitions, Engine, EngineFile, FindingKind, OpenEngine, ScanContext } from './contract';

/** An engine that is open in this thread. */
export interface Asked {
  engine: Engine;
  open: OpenEngine;
  /** A hash of its options: with others it might answer differently. */
  settings: string;
}

/** What an engine knows now; undefined with the reason when it cannot be reached. */
export const definitionsOf = async (asked: Asked): Promise<{ definitions?: Definitions; reason?: string }> => {
  try {
    return { definitions: toDefinitions(await asked.open.definitions()) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
};

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What makes a file unwelcome without being a threat. */
const BESIDE_THREATS: FindingKind[] = ['SensitiveData', 'Vulnerability'];

const isBesideThreats = ({ finds }: Engine): boolean =>
  finds.length > 0 && finds.every((kind) => BESIDE_THREATS.includes(kind));

/**
 * Asks one engine about one file. Whatever the engine does short of taking its thread along, the answer is data.
 * @param fileFor makes the file as this engine sees it, and says when it is asked for its path
 */
export const ask = async (
  { engine, open, settings }: Asked,
  fileFor: (pathRead: () => void) => EngineFile,
  definitions: Definitions | undefined,
  context: ScanContext,
): Promise<EngineAnswer> => {
  const begun = performance.now();
  const { signal } = context;
  let byPath: true | undefined;
  const file = fileFor(() => {
    byPath = true;
  });
  const about = {
    engineId: engine.id,
    engineName: engine.name,
    looksInside: engine.looksInside ?? false,
    seeksSensitive: engine.finds.includes('SensitiveData') || undefined,
    besideThreats: isBesideThreats(engine) || undefined,
    settings,
  };
  const rest = () => ({ byPath, definitions, scanTime: Math.round(performance.now() - begun) });
  try {
    const answer = toAnswer(await open.scan(file, context));
    if (signal.aborted && answer.status !== 'detected') {
      return {
        ...about,
        status: 'failed',
        reason: 'it was not done when the time for the file was up',
        retry: false,
        ...rest(),
      };
    }
    return { ...about, ...answer, ...rest() };
  } catch (error) {
    const reason = signal.aborted ? 'it was not done when the time for the file was up' : reasonOf(error);
    return { ...about, ...toAnswer({ status: 'failed', reason, retry: !signal.aborted }), ...rest() };
  }
};

/** Whole answers only: what was limited, skipped for a passing reason, or failed may come out better another time. */
export const isWhole = ({ status, kind, retry, sensitive }: EngineAnswer): boolean =>
  status === 'clean' ||
  (status === 'skipped' && retry === false) ||
  (status === 'detected' && kind !== 'Unscannable' && kind !== 'Encrypted' && sensitive?.unread === undefined);

/** The answer among earlier ones, all about the same content, that this engine would give again; undefined when it must be asked. */
export const sameAgain = (
  { engine, settings }: Asked,
  definitions: Definitions | undefined,
  earlier: EngineAnswer[],
  showSensitive = false,
): EngineAnswer | undefined =>
  definitions === undefined
    ? undefined
    : earlier.find(
        (answer) =>
          answer.engineId === engine.id &&
          answer.settings === settings &&
          answer.definitions?.version === definitions.version &&
          answer.definitions.date === definitions.date &&
          (answer.sensitive === undefined || answer.sensitive.shown === showSensitive) &&
          isWhole(answer),
      );
