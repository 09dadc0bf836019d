import type { Random } from './random';

/** A file with what is in it: the type of sensitive data, or nothing. */
export interface Labelled {
  name: string;
  text: string;
  /** Absent where it only looks like some. */
  holds?: string;
}

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.below(10)).join('');

/** The digit that makes a number pass Luhn's check. */
const luhnDigit = (number: string): number => {
  let sum = 0;
  [...number].reverse().forEach((digit, i) => {
    const doubled = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
    sum += doubled > 9 ? doubled - 9 : doubled;
  });
  return (10 - (sum % 10)) % 10;
};
const withLuhn = (number: string): string => number + luhnDigit(number);

const cardNumber = (random: Random): string => {
  const [start, length] = random.pick([
    ['4', 16],
    [`5${1 + random.below(5)}`, 16],
    ['37', 15],
    ['6011', 16],
    ['3530', 16],
  ] as [string, number][]);
  return withLuhn(start + digits(random, length - 1 - start.length));
};
const printed = (card: string, separator: string): string =>
  (card.length === 15 ? [card.slice(0, 4), card.slice(4, 10), card.slice(10)] : (card.match(/\d{4}/g) ?? [])).join(
    separator,
  );
/** A number of 16 digits of which one in ten passes the check by chance, as with any. */
const sixteen = (random: Random): string => random.pick(['4', '5', '6', '3', '9']) + digits(random, 15);
const ssnNumber = (random: Random): string =>
  `${100 + random.below(500)}-${String(1 + random.below(99)).padStart(2, '0')}-${1000 + random.below(9000)}`;

const ibanNumber = (random: Random): string => {
  const account = digits(random, 18);
  // 131400 is "DE00" in digits (ISO 13616).
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(check).padStart(2, '0')}${account}`;
};
const PEM = 'PRIVATE KEY-----';
const key = (random: Random): string => {
  const lines =
    random
      .bytes(600)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${PEM}\n${lines.join('\n')}\n-----END ${PEM}\n`;
};
const upper = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.pick([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'])).join('');

const NAMES = ['Ann Lee', 'Bob Ray', 'Cid Moe', 'Dora Kim', 'Eve Ortiz'];

type Make = (random: Random) => string;
const table =
  (head: string, row: Make, rows: number): Make =>
  (random) =>
    `${head}\n${Array.from({ length: rows }, () => row(random)).join('\n')}\n`;

/** How people write such data down. */
const TRUE: [type: string, make: Make][] = [
  ['ccn', (r) => `Dear ${r.pick(NAMES)}, we charged your credit card ${printed(cardNumber(r), ' ')} today.`],
  ['ccn', (r) => `${r.pick(NAMES)} ${printed(cardNumber(r), '-')} 0${1 + r.below(9)}/29`],
  ['ccn', (r) => `CC: ${cardNumber(r)} exp 11/28 cvv 123`],
  ['ccn', (r) => `{"user":"${r.pick(NAMES)}","payment":{"number":"${cardNumber(r)}","brand":"visa"}}`],
  ['ccn', (r) => cardNumber(r)],
  ['ccn', table('name,card_number,expires', (r) => `${r.pick(NAMES)},${cardNumber(r)},12/27`, 20)],
  ['ccn', table('id;kunde;kartennummer', (r) => `${r.below(999)};${r.pick(NAMES)};${printed(cardNumber(r), ' ')}`, 8)],
  ['ccn', table('', (r) => `${cardNumber(r)}`, 30)],
  // Hard ones: other words stand nearer, or none at all.
  ['ccn', (r) => `Order ${digits(r, 5)}, invoice ${digits(r, 6)}, settled with ${printed(cardNumber(r), ' ')}.`],
  ['ccn', (r) => `Ticket id 7: guest paid, number ${cardNumber(r)}`],
  // Words that the engine does not know, or that speak for something else.
  ['ccn', (r) => `Shipment 7 for ${r.pick(NAMES)}, ${cardNumber(r)}, leave at the door`],
  ['ccn', table('betrag;nummer', (r) => `${r.below(999)},00;${cardNumber(r)}`, 8)],
  ['ssn', (r) => `Applicant ${r.pick(NAMES)}, born in 1980, ${ssnNumber(r)}`],
  ['ssn', (r) => `His number is ${ssnNumber(r)}.`],
  ['ssn', (r) => `Employee ${r.pick(NAMES)}, SSN ${ssnNumber(r)}, started in May.`],
  ['ssn', (r) => `Social Security Number: ${ssnNumber(r).replaceAll('-', '')}`],
  ['ssn', table('name,ssn,state', (r) => `${r.pick(NAMES)},${ssnNumber(r)},TX`, 12)],
  ['ssn', table('name,number', (r) => `${r.pick(NAMES)},${ssnNumber(r)}`, 12)],
  ['iban', (r) => `Please pay to ${ibanNumber(r)} within 14 days.`],
  ['iban', (r) => `IBAN ${(ibanNumber(r).match(/.{1,4}/g) ?? []).join(' ')} BIC COBADEFF`],
  ['private_key', key],
  ['private_key', (r) => `apiVersion: v1\ndata: |\n${key(r).replaceAll(/^/gm, '  ')}`],
  ['secret', (r) => `AWS_ACCESS_KEY_ID=AKIA${upper(r, 16)}\n`],
  ['secret', (r) => `aws_secret_access_key = ${r.bytes(30).toString('base64')}\n`],
];

/** What only looks like it. */
const FALSE: [what: string, make: Make][] = [
  ['order', (r) => `Your order number ${withLuhn(`4${digits(r, 14)}`)} has shipped.`],
  ['order', table('order_id,total', (r) => `${sixteen(r)},${r.below(99)}.00`, 40)],
  ['tracking', (r) => `Tracking: ${withLuhn(`5${1 + r.below(5)}${digits(r, 13)}`)}`],
  [
    'phone',
    (r) => `Call +1 ${200 + r.below(700)} ${digits(r, 3)} ${digits(r, 4)} or fax 0049 ${digits(r, 4)} ${digits(r, 6)}`,
  ],
  ['imei', (r) => `IMEI: ${withLuhn(`35${digits(r, 12)}`)}`],
  ['serial', (r) => `Serial ${sixteen(r)}, part no ${ssnNumber(r)}`],
  ['serials', table('serial', sixteen, 60)],
  ['numbers', table('', sixteen, 60)],
  ['isbn', (r) => `ISBN 978${digits(r, 10)}, EAN 401${digits(r, 10)}`],
  ['time', (r) => `{"at":17${digits(r, 11)},"nanos":17${digits(r, 17)}}`],
  [
    'uuid',
    (r) => `request ${r.bytes(4).toString('hex')}-${digits(r, 4)}-${digits(r, 4)}-${digits(r, 4)}-${digits(r, 12)}`,
  ],
  ['fraction', table('x,y', (r) => `0.${sixteen(r)},${r.below(9)}.${digits(r, 16)}`, 40)],
  ['hash', (r) => `sha256 ${r.bytes(32).toString('hex')}`],
  ['part', (r) => `Part ${ssnNumber(r)} of catalog ${digits(r, 4)}`],
  ['case', table('case no,opened', (r) => `${ssnNumber(r)},2024-05-${10 + r.below(19)}`, 12)],
  ['zip', (r) => `${r.pick(NAMES)}, Springfield ${digits(r, 5)}-${digits(r, 4)}`],
  ['account', (r) => `Reference DE${digits(r, 20)} of your letter`],
  ['public key', (r) => `-----BEGIN PUBLIC KEY-----\n${r.bytes(90).toString('base64')}\n-----END PUBLIC KEY-----`],
  ['how to', () => `Put your key between -----BEGIN ${PEM} and -----END ${PEM}.`],
  ['example', () => 'export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE'],
  ['signature', (r) => `signed by ${r.pick(NAMES)} <${r.pick(NAMES)[0]}@example.org>, 20${digits(r, 14)}`],
  // Hard ones: they pass every check, and nothing says what they are.
  ['reference', (r) => `{"ref":"${withLuhn(`4${digits(r, 14)}`)}"}`],
  ['member', (r) => `Member ${printed(withLuhn(`4${digits(r, 14)}`), ' ')} has 300 points.`],
  ['code', table('code,text', (r) => `${ssnNumber(r)},${r.pick(NAMES)}`, 12)],
  ['letter', (r) => `Ihr Zeichen ${withLuhn(`4${digits(r, 14)}`)}, unser Schreiben vom Mai`],
  ['voucher', (r) => `Gift voucher ${printed(withLuhn(`5${1 + r.below(5)}${digits(r, 13)}`), ' ')} is worth 20`],
  ['file', table('file,closed', (r) => `${ssnNumber(r)},yes`, 12)],
  ['meter', (r) => `Meter ${withLuhn(`6011${digits(r, 11)}`)} read ${digits(r, 5)} kWh`],
];

/** Files of which it is known whether they hold sensitive data. @param each how many of each kind */
export const labelled = (random: Random, each: number): Labelled[] => {
  const all = [
    ...TRUE.map(([holds, make]) => ({ what: holds, make, holds })),
    ...FALSE.map(([what, make]) => ({ what: `no-${what}`, make, holds: undefined })),
  ];
  return Array.from({ length: each }, (_, i) =>
    all.map(({ what, make, holds }, k) => ({ name: `${what}-${k}-${i}.txt`, text: make(random), holds })),
  ).flat();
};
