/** Options by which a command is told whom a certificate is for. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Command } from 'commander';
import { plainHost, ROLES, type Role, type Subject, subjectFault } from '../../certificates/subject.ts';

export interface SubjectOptions extends Partial<Record<Role, string>> {
  readonly host?: readonly string[];
}

export function addSubjectOptions(command: Command): Command {
  return command
    .option('--gateway <name>', 'for a gateway of this name')
    .option('--relay <name>', 'for a relay of this name')
    .option('--server <name>', 'for a server of this name')
    .option('--host <host...>', 'host names and addresses by which others reach the server or relay');
}

/** Faults: `launch.option` where it is not one role, and `certificate.name`. */
export function subjectOf(given: SubjectOptions): Result<Subject> {
  const roles = ROLES.filter((role) => given[role] !== undefined);
  if (roles.length !== 1)
    return failure('launch.option', 'one of --gateway, --relay and --server must say whom it is for');
  const [role] = roles;
  const subject: Subject = { role, name: given[role] as string, hosts: (given.host ?? []).map(plainHost) };
  const fault = subjectFault(subject);
  return fault ? { ok: false, fault } : success(subject);
}

/** `the gateway "north-1"`. */
export function called({ role, name }: Subject): string {
  return `the ${role} "${name}"`;
}
