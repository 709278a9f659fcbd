/**
 * A report of a self-test, signed by the side that made it, and checked without it.
 *
 * The file is one JSON object: `report`, the `certificate` of the signer as PEM, and `signature` in base64. What is signed
 * is a line that says what it is, and then the report as `JSON.stringify` writes what was read: whatever else a file may
 * hold, what is shown is what was signed. Ed25519 (RFC 8032) of a gateway, ECDSA with P-256 and SHA-256 of a server.
 */

import { createPrivateKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { commonNameOf, isIssuedBy } from '@tidegate/process/identity/checkedIdentity.ts';
import { readCertificates } from '@tidegate/process/identity/pem.ts';
import type { Check } from '@tidegate/process/selftest/check.ts';
import type { Credentials } from '../certificates/certificateFiles.ts';

export interface SelftestReport {
  readonly format: typeof REPORT_FORMAT;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** The machine on which it was made. */
  readonly host: string;
  readonly version: string;
  /** The sides that were looked at. */
  readonly gateway: string | null;
  readonly server: string | null;
  readonly checks: readonly Check[];
}

export interface SignedReport {
  readonly report: SelftestReport;
  readonly certificate: string;
  readonly signature: string;
}

/** A report that is as it was signed, and who signed it. */
export interface VerifiedReport {
  readonly report: SelftestReport;
  readonly signer: string;
}

export const REPORT_FORMAT = 'tidegate-selftest-1';
/** The same keys sign other things, which must never be taken for a report. */
const CONTEXT = 'Tidegate self-test report\n';
const TEXTS_OF_CHECK = ['id', 'control', 'did', 'seen', 'verdict'] as const;

/** Fault: `certificate.mismatch` or `certificate.unreadable`. */
export function signReport(report: SelftestReport, { key, cert }: Credentials): Result<SignedReport> {
  try {
    const privateKey = createPrivateKey(key);
    if (!new X509Certificate(cert).checkPrivateKey(privateKey)) {
      return failure('certificate.mismatch', 'the certificate was made for another key than the one to sign with');
    }
    const signature = sign(digestOf(privateKey), signedBytes(report), privateKey).toString('base64');
    return success({ report, certificate: cert, signature });
  } catch (error) {
    return failure('certificate.unreadable', `the key or certificate to sign with: ${(error as Error).message}`);
  }
}

/**
 * `authorities` are PEM text. Faults: `selftest.report`; `certificate.issuer` where no authority vouches for the signer;
 * `certificate.dates` where its certificate did not hold when the report was made.
 */
export function verifyReport(text: string, authorities: string): Result<VerifiedReport> {
  const trusted = readCertificates(authorities);
  if (!trusted.ok) return trusted;
  const read = readReport(text);
  if (!read.ok) return read;
  const { report, certificate: pem, signature } = read.value;
  const chain = readCertificates(pem);
  if (!chain.ok) return chain;
  const [certificate] = chain.value;
  if (certificate.ca || !trusted.value.some((authority) => isIssuedBy(certificate, authority))) {
    return failure('certificate.issuer', `no authority that was named vouches for "${commonNameOf(certificate)}"`);
  }
  if (!isSigned(report, certificate.publicKey, signature)) {
    return failure('selftest.report', 'the report is not as it was signed, or the signature is of another key');
  }
  const at = Date.parse(report.at);
  if (!(at >= certificate.validFromDate.getTime() && at <= certificate.validToDate.getTime())) {
    return failure(
      'certificate.dates',
      `the certificate of "${commonNameOf(certificate)}" did not hold at ${report.at}`,
    );
  }
  return success({ report, signer: commonNameOf(certificate) });
}

function isSigned(report: SelftestReport, key: KeyObject, signature: string): boolean {
  try {
    return verify(digestOf(key), signedBytes(report), key, Buffer.from(signature, 'base64'));
  } catch {
    // A key that cannot sign at all.
    return false;
  }
}

function signedBytes(report: SelftestReport): Buffer {
  return Buffer.from(CONTEXT + JSON.stringify(report));
}

/** Ed25519 digests by itself. */
function digestOf(key: KeyObject): 'sha256' | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
}

/** As much of the form as is needed to show it. */
function readReport(text: string): Result<SignedReport> {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return failure('selftest.report', 'the file is no JSON');
  }
  const { report, certificate, signature } = fieldsOf(read);
  const { format, at, host, version, gateway, server, checks } = fieldsOf(report);
  const isReport =
    format === REPORT_FORMAT &&
    [certificate, signature, at, host, version].every(isText) &&
    [gateway, server].every((side) => side === null || isText(side)) &&
    Array.isArray(checks) &&
    checks.every(isCheck);
  return isReport
    ? success(read as SignedReport)
    : failure('selftest.report', 'the file is not the report of a self-test');
}

function isCheck(check: unknown): boolean {
  const fields = fieldsOf(check);
  const { clauses } = fields;
  return TEXTS_OF_CHECK.every((key) => isText(fields[key])) && Array.isArray(clauses) && clauses.every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

type Fields = { readonly [Key in keyof SignedReport | keyof SelftestReport | keyof Check]?: unknown };

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? value : {};
}
