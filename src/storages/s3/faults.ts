import { Fault } from '../../core/fault';
import { printable } from '../../core/printable';

/** What an error of the client says of itself. */
interface Said {
  name?: string;
  code?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
}

/** Where the objects are, for people. */
export interface Where {
  bucket: string;
  /** The server, for people. */
  server: string;
}

const RENEW = 'Give it credentials that are in force: "assay storage set NAME --access-key ID --secret-key-file FILE".';

/** Codes of the S3 API (its reference, "Error responses") by which nothing in the bucket is to be had, with what to do. */
const AWAY: { [code: string]: { says: string; hint: string } } = {
  InvalidAccessKeyId: { says: 'the server does not know the access key', hint: RENEW },
  SignatureDoesNotMatch: { says: 'the secret key is wrong', hint: RENEW },
  ExpiredToken: { says: 'the credentials have expired', hint: RENEW },
  TokenRefreshRequired: { says: 'the credentials have expired', hint: RENEW },
  InvalidToken: { says: 'the session token is wrong', hint: RENEW },
  InvalidSecurity: { says: 'the credentials are not valid', hint: RENEW },
  CredentialsProviderError: { says: 'it has no secret key', hint: RENEW },
  AccountProblem: { says: 'there is a problem with the account', hint: 'Ask the operator of the server.' },
  AllAccessDisabled: { says: 'all access to it is disabled', hint: 'Ask the operator of the server.' },
  RequestTimeTooSkewed: {
    says: "this host's clock differs from the server's",
    hint: 'Set the clock of this host, for instance by NTP.',
  },
  NoSuchBucket: { says: 'there is no such bucket', hint: 'Check the name of the bucket, and the endpoint.' },
  PermanentRedirect: { says: 'the bucket is in another region', hint: 'Set the region of the bucket.' },
  AuthorizationHeaderMalformed: { says: 'the bucket is in another region', hint: 'Set the region of the bucket.' },
};

const OF_THE_NETWORK =
  /^(E[A-Z]{3,}|EAI_[A-Z]+|[A-Z_]*CERT[A-Z_]*|TimeoutError|ConnectionRefused|ConnectionClosed|FailedToOpenSocket)$/;

const unreachable = ({ bucket, server }: Where, says: string, hint: string, cause: unknown): Fault =>
  new Fault('STORAGE_UNREACHABLE', `The bucket ${bucket} of ${server} cannot be used: ${says}.`, { hint, cause });

/** Whether the storage as a whole is away, whatever was wanted of it; undefined when it is not. */
const toAway = (error: Said, where: Where): Fault | undefined => {
  const status = error.$metadata?.httpStatusCode;
  const name = error.name ?? '';
  const known = AWAY[name];
  if (known !== undefined) return unreachable(where, known.says, known.hint, error);
  const network = [error.code, name].find((word) => OF_THE_NETWORK.test(word ?? ''));
  // What the client cannot read, such as the page of a proxy, comes as a plain error.
  if (network !== undefined || status === undefined || ['Error', 'SyntaxError'].includes(name)) {
    const says = network === undefined ? 'it does not answer as an S3 server does' : `it does not answer (${network})`;
    const hint = 'Check that the server runs and can be reached from here, and the endpoint.';
    return unreachable(where, says, hint, error);
  }
  if (status === 501 || (status < 500 && status !== 429 && status !== 301 && name !== 'RequestTimeout'))
    return undefined;
  const says = `the server is not able to answer now (${status} ${printable(name).slice(0, 60)})`;
  return unreachable(where, says, 'Wait, or ask the operator of the server.', error);
};

export const changed = (key: string): Fault =>
  new Fault('FILE_CHANGED', `${key} is not what was looked into any more; it was left as it is.`, {
    hint: 'Look at the object again.',
  });

/** An error that comes from outside, and is no mistake of this program. */
const isSaid = (error: unknown): error is Said =>
  typeof error === 'object' && error !== null && ('$metadata' in error || 'code' in error || '$response' in error);

/** What the server, or the network, said of an object, in words that help. Anything else comes back as it was. */
export const toObjectFault = (error: unknown, key: string, where: Where): unknown => {
  if (error instanceof Fault || !isSaid(error)) return error;
  const status = error.$metadata?.httpStatusCode;
  const away = toAway(error, where);
  if (away !== undefined) return away;
  const name = error.name ?? '';
  const cause = error;
  if (status === 412 || status === 416 || name === 'ConditionalRequestConflict') {
    return new Fault('FILE_CHANGED', `${key} is not what it was any more.`, { hint: 'Look at it again.', cause });
  }
  if (status === 404) return new Fault('NOT_FOUND', `${key} is not there any more.`, { cause });
  if (name === 'InvalidObjectState') {
    const message = `${key} is in an archive storage class: it has to be restored before it can be read.`;
    return new Fault('FORBIDDEN', message, { hint: 'Restore the object, then look at it again.', cause });
  }
  const said = `${status} ${printable(name).slice(0, 60)}`;
  if (status === 501)
    return new Fault('NOT_POSSIBLE', `${key}: the server does not know how to do that (${said}).`, { cause });
  return status === 403
    ? new Fault('FORBIDDEN', `${key}: Assay may not do that (${said}).`, {
        hint: 'Let the policy of its access key allow it.',
        cause,
      })
    : new Fault('NOT_POSSIBLE', `${key}: the server refuses (${said}).`, { cause });
};

/** The same where the bucket itself was asked: then nothing of it is to be had. */
export const toBucketFault = (error: unknown, where: Where): unknown => {
  if (error instanceof Fault || !isSaid(error)) return error;
  const away = toAway(error, where);
  if (away !== undefined) return away;
  const { name = '', $metadata } = error;
  const said = `${$metadata?.httpStatusCode} ${printable(name).slice(0, 60)}`;
  return unreachable(where, `Assay may not list it (${said})`, 'Let the policy of its access key allow it.', error);
};
