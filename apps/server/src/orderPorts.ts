/** Where the work orders of equipment health go, as the configuration says. */

import { readFile } from 'node:fs/promises';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FileWorkOrders } from '@tidegate/platform/monitor/health/cases/orders/fileWorkOrders.ts';
import type { WorkOrderPort } from '@tidegate/platform/monitor/health/cases/workOrderPort.ts';
import { WebhookWorkOrders } from '@tidegate/platform/northbound/orders/webhookWorkOrders.ts';
import type { OrderReceiver } from './serverConfig.ts';

/** Fault `config.invalid`: a secret that cannot be read, or what the webhook says of its address. */
export async function openOrderPorts(receivers: readonly OrderReceiver[]): Promise<Result<readonly WorkOrderPort[]>> {
  const ports: WorkOrderPort[] = [];
  for (const receiver of receivers) {
    if ('directory' in receiver) {
      ports.push(new FileWorkOrders(receiver.name, receiver.directory));
      continue;
    }
    const { name, url, header, secretFile } = receiver;
    const value = secretFile === undefined ? undefined : await readSecret(secretFile);
    if (value && !value.ok) return value;
    const webhook = WebhookWorkOrders.open({ name, url, secret: value && { header, value: value.value } });
    if (!webhook.ok) return webhook;
    ports.push(webhook.value);
  }
  return success(ports);
}

async function readSecret(file: string): Promise<Result<string>> {
  try {
    return success((await readFile(file, 'utf8')).trim());
  } catch (error) {
    return failure('config.invalid', `The secret ${file} cannot be read: ${(error as Error).message}.`);
  }
}
