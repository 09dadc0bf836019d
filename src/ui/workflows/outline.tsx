import { Text } from '@mantine/core';
import { count, counted } from '../parts/amounts';
import { exactly, SIZE_UNITS, TIME_UNITS } from '../parts/exact';
import { type Fact, sectionTexts, sensitiveTexts, workflowTexts as texts, unpackTexts } from '../texts/workflow';
import { type Definition, inWords } from './definition';
import type { SectionName } from './fields';
import { useStorageNames } from './storage-names';
import type { NameOf } from './treatment';

interface Line {
  part: SectionName;
  facts: (Fact | 'passwords')[];
  said: string;
}

const linesOf = (definition: Definition, passwords: number, nameOf: NameOf): Line[] => {
  const say = (fact: Fact) => inWords(definition, fact, nameOf);
  const { blocked, block, allow, sensitiveDataThreshold, showSensitiveData, unpackBy } = definition;
  const shown = sensitiveTexts[showSensitiveData ? 'shown' : 'masked'].label.toLowerCase();
  return [
    {
      part: 'judging',
      facts: ['engines', 'onEngineFailure', 'blocked'],
      said: `${say('engines')}; ${counted(blocked.length, 'result')} blocked`,
    },
    { part: 'lists', facts: ['block', 'allow'], said: texts.rules(block.length, allow.length) },
    { part: 'blockedFiles', facts: ['blockedFiles'], said: say('blockedFiles') },
    { part: 'allowedFiles', facts: ['allowedFiles'], said: say('allowedFiles') },
    {
      part: 'data',
      facts: ['sensitiveDataThreshold', 'showSensitiveData', 'vulnerabilityThreshold'],
      said: texts.data(count(sensitiveDataThreshold), shown, say('vulnerabilityThreshold').toLowerCase()),
    },
    { part: 'passwords', facts: ['passwords'], said: texts.passwordsCount(passwords) },
    {
      part: 'archives',
      facts: [
        'unpackBy',
        'maxArchiveDepth',
        'maxArchiveFiles',
        'maxArchiveSize',
        'maxArchiveExpansion',
        'archiveTimeout',
      ],
      said: texts.archives(unpackTexts[unpackBy].label, exactly(definition.maxArchiveSize, SIZE_UNITS)),
    },
    {
      part: 'limits',
      facts: ['maxFileSize', 'fileTimeout'],
      said: texts.limits(say('maxFileSize'), exactly(definition.fileTimeout, TIME_UNITS)),
    },
  ];
};

interface OutlineProps {
  definition: Definition;
  passwords: number;
  /** What is not saved yet. */
  changed: (Fact | 'passwords')[];
}

/** The whole workflow in short, each line the way to its choices; what is not saved yet is marked. */
export const Outline = ({ definition, passwords, changed }: OutlineProps) => {
  const nameOf = useStorageNames();
  return (
    <nav className="outline" aria-label={texts.outline}>
      <Text fw={600} size="sm">
        {texts.outline}
      </Text>
      <ul className="plain lines">
        {linesOf(definition, passwords, nameOf).map(({ part, facts, said }) => {
          const isChanged = facts.some((fact) => changed.includes(fact));
          return (
            <li key={part} data-tone={isChanged ? 'busy' : undefined}>
              <a href={`#${part}`}>
                {sectionTexts[part]}
                {isChanged && <span className="tone-text"> · {texts.changedHere}</span>}
              </a>
              <Text size="xs" c="dimmed" className="clamp">
                {said}
              </Text>
            </li>
          );
        })}
      </ul>
    </nav>
  );
};
