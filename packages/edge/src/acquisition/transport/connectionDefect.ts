/** What an error of a connection means, in words that tell a commissioning engineer where to look. */

import { failure } from '@tidegate/core/fault/fault.ts';

/** Codes of Node.js and OpenSSL, or alerts of TLS (RFC 8446, 6.2), and what follows "the device" or its address. */
const NETWORK = new Map([
  ['ECONNREFUSED', 'takes no connection: nothing listens on this port, or a firewall refuses it'],
  ['EHOSTUNREACH', 'cannot be reached'],
  ['ENETUNREACH', 'cannot be reached'],
  ['ETIMEDOUT', 'cannot be reached'],
  ['ENOTFOUND', 'is a name that cannot be resolved'],
  ['EAI_AGAIN', 'is a name that cannot be resolved'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'does not speak TLS on this port'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'does not speak TLS on this port'],
  ['ERR_SSL_HTTP_REQUEST', 'does not speak TLS on this port'],
]);

const IDENTITY = new Map([
  ['CERT_HAS_EXPIRED', 'shows a certificate that has expired'],
  ['CERT_NOT_YET_VALID', 'shows a certificate that is not valid yet: compare the clocks'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'shows a certificate for another name'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'shows a certificate of an authority that is not ours'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'shows a certificate of an authority that is not ours'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'shows a certificate of an authority that is not ours'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'shows a certificate of an authority that is not ours'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'shows a certificate that it has signed itself'],
  ['CERT_SIGNATURE_FAILURE', 'shows a certificate of an authority that only bears the name of ours'],
  ['INVALID_PURPOSE', 'shows a certificate that is not made for this side of a connection'],
  ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'shows no certificate'],
  ['ALERT_UNKNOWN_CA', 'does not know the authority of our certificate'],
  ['ALERT_CERTIFICATE_EXPIRED', 'finds that our certificate has expired'],
  ['ALERT_CERTIFICATE_REVOKED', 'finds that our certificate has been revoked'],
  ['ALERT_BAD_CERTIFICATE', 'refuses our certificate'],
  ['ALERT_CERTIFICATE_UNKNOWN', 'refuses our certificate'],
  ['ALERT_UNSUPPORTED_CERTIFICATE', 'refuses the kind of our certificate'],
  ['ALERT_ACCESS_DENIED', 'knows our certificate and grants it nothing'],
  ['ALERT_CERTIFICATE_REQUIRED', 'wants a certificate of ours and got none'],
  ['ALERT_PROTOCOL_VERSION', 'and we have no version of TLS in common; ours are 1.2 and 1.3'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'and we have no version of TLS in common; ours are 1.2 and 1.3'],
  ['ALERT_HANDSHAKE_FAILURE', 'and we have no cipher in common, or it refuses our certificate'],
  ['ERR_SSL_NO_SHARED_CIPHER', 'and we have no cipher in common'],
]);

interface ConnectionError {
  readonly code?: string | undefined;
  readonly message: string;
}

/** Half a sentence; `otherwise` where nothing better is known. Several addresses give an error without message, but a code. */
export function connectionDefect({ code = '', message }: ConnectionError, otherwise: string): string {
  const known = NETWORK.get(code) ?? IDENTITY.get(alertOf(code));
  // What OpenSSL says beside its code are places in its own source.
  return known ? `${known} (${code})` : `${otherwise} (${code.startsWith('ERR_SSL_') ? code : message || code})`;
}

/** Faults: `link.identity` where one end does not trust the other, `link.connect` where there is no connection. */
export function connectionFault(where: string, error: ConnectionError, otherwise: string) {
  const code = IDENTITY.has(alertOf(error.code ?? '')) ? 'link.identity' : 'link.connect';
  return failure(code, `${where} ${connectionDefect(error, otherwise)}`);
}

/** OpenSSL puts the version before an alert in which it first appeared, and has changed its mind about some. */
function alertOf(code: string): string {
  return code.replace(/^ERR_SSL_(SSLV3|SSL\/TLS|TLSV1|TLSV13)_ALERT_/, 'ALERT_');
}
