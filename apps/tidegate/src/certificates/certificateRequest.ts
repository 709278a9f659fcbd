/** Signing requests (PKCS #10, RFC 2986): what the holder of a key asks an authority for. */

// The library finds its own parts by it, and therefore wants it loaded first.
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import {
  PemConverter,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  type PublicKey,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { alternativeNames, distinguishedName } from './issueCertificate.ts';
import { ED25519, exportKey, keyAlgorithm, makeKeyPair, P256_SIGNING } from './keyPair.ts';
import { type Subject, subjectFault } from './subject.ts';

/** A private key and the request made with it, each as PEM. */
export interface MadeRequest {
  readonly key: string;
  readonly request: string;
}

export interface CertificateRequest {
  readonly subject: Subject;
  readonly publicKey: PublicKey;
  /** SHA-256 of the public key, by which two people compare the request over the telephone. */
  readonly fingerprint: string;
}

/** Longer ones are none of ours. */
const MAX_CHARACTERS = 16_384;

export async function makeRequest(subject: Subject): Promise<MadeRequest> {
  const keys = await makeKeyPair(subject.role);
  const signed = await Pkcs10CertificateRequestGenerator.create({
    name: distinguishedName(subject),
    keys,
    signingAlgorithm: subject.role === 'gateway' ? ED25519 : P256_SIGNING,
    extensions: alternativeNames(subject.hosts),
  });
  return { key: exportKey(keys), request: `${PemConverter.encode(signed.rawData, 'CERTIFICATE REQUEST')}\n` };
}

/**
 * Faults: `certificate.unreadable`; `certificate.request` where its signature is wrong, or where it asks for what no request
 * of ours asks for; `certificate.name`.
 */
export async function readRequest(pem: string): Promise<Result<CertificateRequest>> {
  const parsed = parseRequest(pem);
  if (!parsed) return failure('certificate.unreadable', 'this is no signing request in PEM form');
  if (!(await parsed.verify().catch(() => false))) {
    return failure('certificate.request', 'the request is not signed with the key that it is for');
  }
  const subject = subjectOf(parsed);
  if (!subject.ok) return subject;
  const { name, namedCurve = '' } = parsed.publicKey.algorithm as { name: string; namedCurve?: string };
  const wanted: { name: string; namedCurve?: string } = keyAlgorithm(subject.value.role);
  if (name !== wanted.name || namedCurve !== (wanted.namedCurve ?? '')) {
    const [is, must] = [`${name} ${namedCurve}`.trim(), `${wanted.name} ${wanted.namedCurve ?? ''}`.trim()];
    return failure('certificate.request', `the key is ${is}, and that of a ${subject.value.role} is ${must}`);
  }
  const fingerprint = fingerprintOf(parsed.publicKey.rawData);
  return success({ subject: subject.value, publicKey: parsed.publicKey, fingerprint });
}

/** SHA-256 as groups of four hexadecimal digits, to be read aloud. */
export function fingerprintOf(bytes: ArrayBuffer | Uint8Array): string {
  const digest = createHash('sha256').update(new Uint8Array(bytes)).digest('hex');
  return (digest.match(/.{4}/g) as string[]).join(' ');
}

function parseRequest(pem: string): Pkcs10CertificateRequest | undefined {
  if (pem.length > MAX_CHARACTERS || !pem.includes('-----BEGIN CERTIFICATE REQUEST-----')) return undefined;
  try {
    return new Pkcs10CertificateRequest(pem);
  } catch {
    return undefined;
  }
}

/** By its form alone: a relay has a unit, a server has host names, a gateway has neither. */
function subjectOf(request: Pkcs10CertificateRequest): Result<Subject> {
  const refuse = (detail: string) => failure('certificate.request', detail);
  const parts = request.subjectName.toJSON().flatMap((part) => Object.entries(part));
  const names = parts.filter(([key]) => key === 'CN').flatMap(([, values]) => values);
  const units = parts.filter(([key]) => key === 'OU').flatMap(([, values]) => values);
  if (names.length !== 1) return refuse(`the request bears ${names.length} common names, and must bear one`);
  const isRelay = units.length === 1 && units[0] === 'relay';
  if (parts.length !== (isRelay ? 2 : 1)) return refuse(`the request asks for more than a name: ${request.subject}`);
  const foreign = request.extensions.find((one) => !(one instanceof SubjectAlternativeNameExtension));
  if (foreign) return refuse(`the request asks for the extension ${foreign.type}; it may ask for host names alone`);
  const alternatives = [...request.extensions].flatMap((one) => [
    ...(one as SubjectAlternativeNameExtension).names.items,
  ]);
  const wrong = alternatives.find(({ type }) => type !== 'dns' && type !== 'ip');
  if (wrong) return refuse(`the request asks for the name "${wrong.value}", which is no host name or address`);
  const hosts = alternatives.map(({ value }) => value);
  const role = isRelay ? 'relay' : hosts.length > 0 ? 'server' : 'gateway';
  const subject: Subject = { role, name: names[0], hosts };
  const fault = subjectFault(subject);
  return fault ? { ok: false, fault } : success(subject);
}
