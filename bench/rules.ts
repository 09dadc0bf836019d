import { createRandom, type Random } from './corpus/random';

const WORDS =
  'CreateRemoteThread VirtualAlloc powershell cmd.exe rundll32 regsvr32 http https Software Microsoft Windows CurrentVersion Run AppData Temp user pass login admin shell exec eval base64 decode inject hook keylog screen capture bitcoin wallet ransom decrypt files tor onion config beacon agent mutex Global pipe socket connect download upload payload stage loader dropper'.split(
    ' ',
  );
const JOINTS = ['\\\\', '/', '_', ' ', '.', '%s', '=', '-'];

const word = (random: Random) => random.pick(WORDS);
const hex = (byte: number) => byte.toString(16).padStart(2, '0');

const textString = (random: Random): string => {
  const parts = Array.from({ length: 2 + random.below(3) }, () => word(random));
  const tail = random.bytes(2 + random.below(3)).toString('hex');
  const text = `${parts.map((part) => part + random.pick(JOINTS)).join('')}${tail}`;
  return `"${text}"${random.pick(['', '', ' wide ascii', ' nocase', ' fullword'])}`;
};

const hexString = (random: Random): string => {
  const bytes = [...random.bytes(10 + random.below(14))].map(hex);
  // Wildcards, a half byte and a jump, none before the first four bytes.
  for (let i = 4; i < bytes.length - 1; i++) {
    const draw = random.number();
    if (draw < 0.15) bytes[i] = '??';
    else if (draw < 0.2) bytes[i] = `${bytes[i]![0]}?`;
    else if (draw < 0.24) bytes[i] = `[2-${4 + random.below(8)}]`;
  }
  return `{ ${bytes.join(' ')} }`;
};

/** Every fourth is an address of a server, the others a name with a random part. */
const regex = (random: Random): string => {
  const name = word(random).replaceAll('.', '\\.');
  if (random.number() < 0.25) return `/https?:\\/\\/[a-z0-9]{5,20}\\.${name}\\.(top|xyz|ru)\\/[a-z]{3}/`;
  return random.pick([`/${name}[0-9a-f]{8,16}\\.(exe|dll|tmp)/`, `/${name}_[a-z]{4,12}\\.php/`]);
};

const condition = (random: Random): string =>
  random.pick([
    'uint16(0) == 0x5A4D and filesize < 2MB and 3 of them',
    'filesize < 5MB and all of ($s*)',
    'all of them',
    '(uint32(0) == 0x464c457f or uint16(0) == 0x5A4D) and (2 of ($s*)) and 1 of ($h*)',
    '#s0 > 2 and $h0',
    '3 of ($s*) or ($h0 and $h1)',
  ]);

/** Four texts and two byte sequences each; every fifth rule has a regular expression, too. */
const rule = (random: Random, number: number, hasRegex = number % 5 === 0): string => `rule Generated_${number} {
  meta:
    author = "bench"
  strings:
${Array.from({ length: 4 }, (_, i) => `    $s${i} = ${textString(random)}`).join('\n')}
    $h0 = ${hexString(random)}
    $h1 = ${hexString(random)}${hasRegex ? `\n    $r0 = ${regex(random)}` : ''}
  condition:
    (${condition(random)}) or ${hasRegex ? '$r0 or ' : ''}all of ($h*) or all of ($s*)
}
`;

/** Rules as published sets have them: several strings each, hexadecimal with wildcards, regular expressions; none fits the corpus. */
export const makeRules = (count: number): string => {
  const random = createRandom(`rules ${count}`);
  return Array.from({ length: count }, (_, number) => rule(random, number)).join('\n');
};
