/** Our two tables of services, that of the driver and that of the guard, against that of others: every request of node-opcua. */

import { UA_SERVICES } from '@tidegate/dissect/opcua/uaService.ts';
import { ObjectIds } from 'node-opcua';
import { describe, expect, it } from 'vitest';
import { SERVICE } from './serviceNumber.ts';

const ENCODING = /^(\w+)Request_Encoding_DefaultBinary$/;
/** Parts of requests that bear such a name. */
const PARTS = ['CallMethod', 'MonitoredItemCreate', 'MonitoredItemModify'];

/** `CreateMonitoredItems` as `create monitored items`. */
function wordsOf(name: string): string {
  return name
    .replaceAll(/(?<=[a-z])(?=[A-Z\d])/g, ' ')
    .toLowerCase()
    .replace(' paths to node ids', ' paths');
}

const THEIRS = Object.entries(ObjectIds).flatMap(([key, number]) => {
  const name = ENCODING.exec(key)?.[1];
  const service = name !== undefined && !PARTS.includes(name);
  return service ? [[Number(number), wordsOf(name)] as const] : [];
});

describe('the table of the guard', () => {
  it('has every request, by its number and under its name', () => {
    expect(THEIRS.length).toBeGreaterThan(35);
    const ours = [...UA_SERVICES].map(([number, { service }]) => [number, service] as const);
    expect(new Map(ours)).toEqual(new Map(THEIRS));
  });

  it('has no service that writes and whose body is read', () => {
    for (const { effect, body } of UA_SERVICES.values()) if (body) expect(['read', 'session']).toContain(effect);
  });
});

describe('the table of the driver', () => {
  it('has the numbers of its services', () => {
    const theirs = new Map(THEIRS.map(([number, service]) => [service.replaceAll(' ', ''), number]));
    for (const [name, number] of Object.entries(SERVICE))
      expect([name, theirs.get(name.toLowerCase())]).toEqual([name, number]);
  });
});
