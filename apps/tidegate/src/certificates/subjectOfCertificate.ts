/** Whom a certificate that was made here is for. */

// The library finds its own parts by it, and therefore wants it loaded first.
import 'reflect-metadata';
import type { X509Certificate as NodeCertificate } from 'node:crypto';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
} from '@peculiar/x509';
import type { Subject } from './subject.ts';

export function subjectOfCertificate({ raw }: NodeCertificate): Subject {
  const certificate = new X509Certificate(raw);
  const field = (name: string) => certificate.subjectName.getField(name)[0] ?? '';
  const alternatives = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  const usages = certificate.getExtension(ExtendedKeyUsageExtension)?.usages ?? [];
  const role = field('OU') === 'relay' ? 'relay' : usages.includes(ExtendedKeyUsage.serverAuth) ? 'server' : 'gateway';
  return { role, name: field('CN'), hosts: [...alternatives].map(({ value }) => value) };
}
