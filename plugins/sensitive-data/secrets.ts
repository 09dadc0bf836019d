import type { Candidate, Detector } from './detector';
import { coverAfter } from './mask';

interface Form {
  /** The whole secret, from its beginning on. Sticky. */
  form: RegExp;
  score?: number;
  /** Characters at the beginning that only say what it is. */
  shown: number;
  check?: (secret: string) => boolean;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The last six characters of a token of GitHub or npm are the CRC-32 of those before (github.blog, "Behind GitHub's new authentication token formats"). */
const hasChecksum = (token: string): boolean => {
  const [, body = ''] = token.split('_');
  let crc = Bun.hash.crc32(body.slice(0, -6));
  let sum = '';
  for (let i = 0; i < 6; i++) {
    sum = BASE62[crc % 62] + sum;
    crc = Math.floor(crc / 62);
  }
  return body.endsWith(sum);
};

/** Secrets by what they begin with, as their makers publish it. Quantifiers are bounded, and nothing is tried twice at one place. */
const FORMS: { [beginning: string]: Form } = {
  AKIA: { form: /AKIA[A-Z2-7]{16}(?![A-Z0-9])/y, shown: 4 },
  ASIA: { form: /ASIA[A-Z2-7]{16}(?![A-Z0-9])/y, shown: 4 },
  AIza: { form: /AIza[\w-]{35}(?![\w-])/y, shown: 4 },
  'ya29.': { form: /ya29\.[\w-]{30,500}/y, shown: 5 },
  'GOCSPX-': { form: /GOCSPX-[\w-]{28}(?![\w-])/y, shown: 7 },
  'AccountKey=': { form: /AccountKey=[A-Za-z0-9+/]{86}==/y, shown: 11 },
  'SharedAccessKey=': { form: /SharedAccessKey=[A-Za-z0-9+/]{43}=/y, shown: 16 },
  ghp_: { form: /ghp_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y, shown: 4, check: hasChecksum },
  gho_: { form: /gho_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y, shown: 4, check: hasChecksum },
  ghu_: { form: /ghu_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y, shown: 4, check: hasChecksum },
  ghs_: { form: /ghs_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y, shown: 4, check: hasChecksum },
  github_pat_: { form: /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])/y, shown: 11 },
  'glpat-': { form: /glpat-[\w-]{20,64}/y, shown: 6 },
  'xoxb-': { form: /xoxb-\d{8,14}-\d{8,14}-[A-Za-z0-9]{18,34}/y, shown: 5 },
  'xoxp-': { form: /xoxp-(?:\d{8,14}-){3}[A-Za-z0-9]{28,34}/y, shown: 5 },
  'xapp-': { form: /xapp-\d-[A-Z0-9]{8,14}-\d{8,14}-[a-z0-9]{60,70}/y, shown: 5 },
  'hooks.slack.com/services/': {
    form: /hooks\.slack\.com\/services\/T[A-Z0-9]{8,12}\/B[A-Z0-9]{8,12}\/[A-Za-z0-9]{24}/y,
    shown: 25,
  },
  sk_live_: { form: /sk_live_[A-Za-z0-9]{16,247}/y, shown: 8 },
  rk_live_: { form: /rk_live_[A-Za-z0-9]{16,247}/y, shown: 8 },
  sk_test_: { form: /sk_test_[A-Za-z0-9]{16,247}/y, shown: 8, score: 40 },
  whsec_: { form: /whsec_[A-Za-z0-9+/=]{32,64}/y, shown: 6 },
  'SG.': { form: /SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/y, shown: 3 },
  npm_: { form: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y, shown: 4, check: hasChecksum },
  'pypi-': { form: /pypi-AgEIcHlwaS5vcmc[\w-]{50,1000}/y, shown: 5 },
  dop_v1_: { form: /dop_v1_[a-f0-9]{64}/y, shown: 7 },
  shpat_: { form: /shpat_[a-fA-F0-9]{32}/y, shown: 6 },
  'sk-ant-': { form: /sk-ant-[a-z0-9]{3,8}-[\w-]{80,120}/y, shown: 7 },
  'sk-proj-': { form: /sk-proj-[\w-]{40,200}/y, shown: 8 },
  hf_: { form: /hf_[A-Za-z]{34}(?![A-Za-z0-9])/y, shown: 3 },
};

/** A key without a form of its own: the name that AWS gives it says what it is. */
const AWS_SECRET =
  /(aws_?secret_?(?:access_?)?key|secretaccesskey)["']?\s{0,4}[:=]\s{0,4}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi;

const BEGINNINGS = new RegExp(
  `(?<![A-Za-z0-9_])(?:${Object.keys(FORMS)
    .map((beginning) => beginning.replaceAll(/[.+/]/g, '\\$&'))
    .join('|')})`,
  'g',
);

/** Documentation has such: words that say so, or next to no different characters. */
const isPlaceholder = (secret: string): boolean =>
  /example|placeholder|changeme|xxxx|0000000|\*{3}/i.test(secret) || new Set(secret).size < 8;

const scoreOf = (secret: string, { score = 90, shown, check }: Form): number => {
  if (isPlaceholder(secret.slice(shown))) return 10;
  if (check === undefined) return score;
  return check(secret) ? 98 : 15;
};

/** Keys of clouds and of well-known services, by the forms that their makers publish. */
export const secrets: Detector = {
  type: 'secret',
  displayName: 'Cloud Secret',
  find: function* (text) {
    const found: Candidate[] = [];
    for (const { index, 0: beginning } of text.matchAll(BEGINNINGS)) {
      const form = FORMS[beginning];
      if (form === undefined) continue;
      form.form.lastIndex = index;
      const secret = form.form.exec(text)?.[0];
      if (secret === undefined) continue;
      const [start, end] = [index, index + secret.length];
      found.push({ start, end, value: secret, score: scoreOf(secret, form), masked: coverAfter(secret, form.shown) });
    }
    for (const { index, 0: all, 2: secret = '' } of text.matchAll(AWS_SECRET)) {
      const start = index + all.length - secret.length;
      const score = isPlaceholder(secret) ? 10 : 85;
      found.push({ start, end: start + secret.length, value: secret, score, masked: coverAfter(secret, 0) });
    }
    yield* found.sort((a, b) => a.start - b.start);
  },
};
