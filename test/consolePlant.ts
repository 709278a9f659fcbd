/** A server with the console, a model, its twins and its alarms, over a historian that the test fills. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { definitionOf } from '@tidegate/platform/historian/query/testbed/gatewayStream.ts';
import { ModelStore } from '@tidegate/platform/model/assets/modelStore.ts';
import { TwinEngine } from '@tidegate/platform/model/twins/engine/twinEngine.ts';
import { loadTwins } from '@tidegate/platform/model/twins/loadTwins.ts';
import { loadAlarms } from '@tidegate/platform/monitor/alarms/loadAlarms.ts';
import type { AlarmDoor } from '@tidegate/platform/northbound/serve/alarmRoutes.ts';
import { HistorianDoor } from '@tidegate/platform/northbound/testbed/historianDoor.ts';
import { closePlantAlarms, openPlantAlarms } from '@tidegate/platform/northbound/testbed/plantAlarms.ts';

const WEB_ROOT = fileURLToPath(new URL('../packages/web/dist', import.meta.url));
const TAGS = ['pump-1/flow', 'pump-1/power', 'fan-1/speed', 'fan-1/heat'].map((name) => `acme/north/${name}`);
const GATEWAY_ALARM = 'station-1/_alarms/belt-7.slip';
const REASONS = 'cause: worn, consequence: the hose bursts, action: open the bypass';

const TEXTS = new Map(
  Object.entries({
    'types/pump.yaml': `types:
  - type: pump
    version: 1
    attributes:
      flow: { tag: "{path}/flow", unit: m3/h, low: 0, high: 500 }
      power: { tag: "{path}/power", unit: kW }
      specific-power: { formula: "'power' / 'flow'", unit: kW.h/m3 }
      valve: { tag: "{path}/valve", unit: "%" }
`,
    'assets/north.yaml': `assets:
  - { path: acme/north/pump-1, type: pump, description: Feeds the tank, nameplate: { serial-number: P-4711 }, relations: { feeds: acme/north/tank } }
  - { path: acme/north/fan-1 }
  - { path: acme/north/tank }
`,
    'twins/pump.yaml': `type: pump
description: What a new pump would draw
parameters:
  draw: { value: 0.1, unit: kW.h/m3 }
expected:
  power: { formula: "'flow' * 'draw'", sigma: 2 }
`,
    'alarms/north.yaml': `alarms:
  - { tag: acme/north/pump-1/flow, condition: high, limit: 80, rationalisation: { ${REASONS}, severity: severe, responseTime: 3min } }
  - { tag: acme/north/pump-1/power, condition: low, limit: 10, priority: high, exception: trial }
  - { tag: acme/north/fan-1/speed, condition: high, limit: 80, priority: low, exception: trial }
`,
  }),
);

export class ConsolePlant {
  readonly #door: HistorianDoor;
  readonly #close: () => void;

  private constructor(door: HistorianDoor, close: () => void) {
    this.#door = door;
    this.#close = close;
  }

  static async open(): Promise<ConsolePlant> {
    if (!existsSync(join(WEB_ROOT, 'index.html'))) throw new Error('The console has not been built: npm run build.');
    let alarms: AlarmDoor | undefined;
    let twins: TwinEngine | undefined;
    let model: ModelStore | undefined;
    const door = await HistorianDoor.open(systemClock, async (historian, directory) => {
      alarms = await openPlantAlarms(historian, directory, systemClock);
      const opened = await ModelStore.open({ directory, clock: systemClock });
      if (!opened.ok) throw new Error(opened.fault.detail);
      model = opened.value;
      twins = new TwinEngine(historian, systemClock);
      return { alarms, twins, model, webRoot: WEB_ROOT };
    });
    await door.historian.sink.defineTags('station-1', [
      ...TAGS.map((path, number) => definitionOf(number, { path, unit: path.endsWith('flow') ? 'm3/h' : 'kW' })),
      definitionOf(TAGS.length, { path: GATEWAY_ALARM, type: 'string', lane: 'audit', unit: '', stepped: true }),
    ]);
    const applied = await model!.apply({ texts: TEXTS, by: 'test', comment: '' });
    if (!applied.ok) throw new Error(applied.fault.detail);
    const { texts, model: assets } = model!.current()!;
    const loaded = loadTwins(texts, assets);
    if (loaded.defects.length > 0) throw new Error(JSON.stringify(loaded.defects));
    twins!.load(assets, loaded.twins);
    twins!.start();
    alarms!.alarms.use(loadAlarms(texts, assets, () => ({ unit: '' })));
    return new ConsolePlant(door, () => {
      twins!.stop();
      closePlantAlarms(alarms!);
      model!.close();
    });
  }

  get url(): string {
    return this.#door.url;
  }

  /** Takes values of now, by the path of their tag below `acme/north`. */
  async measure(values: Readonly<Record<string, number>>): Promise<void> {
    const time = systemClock.now();
    await this.#door.append(
      Object.entries(values).map(([name, value]) => [TAGS.indexOf(`acme/north/${name}`), time, value] as const),
    );
  }

  /** Takes what the gateway tells of an alarm that it evaluates itself. */
  async tellOfGateway(): Promise<void> {
    const record = {
      ...{ alarm: 'belt-7/slip', happening: 'activated', state: 'unacknowledged', priority: 'medium' },
      ...{ condition: 'discrete', message: 'belt is loose' },
    };
    await this.#door.append([[TAGS.length, systemClock.now(), JSON.stringify(record)]]);
  }

  async stop(): Promise<void> {
    this.#close();
    await this.#door.stop();
  }
}
