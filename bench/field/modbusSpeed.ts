/** Modbus TCP: our driver and our whole line beside the libraries of others, all on the same server. */

import { type Contender, interleave, type Run, type Slices, timed } from './interleaved.ts';
import { jsmodbusReader, modbusSerialReader } from './libraryReaders.ts';
import { driverReader, lineReader } from './ownReaders.ts';
import { REGISTERS_PER_REQUEST, type ReaderSettings, type RegisterReader } from './registerReader.ts';

/** How many connections, with how many requests under way on each, and what each reads. */
type Load = Omit<ReaderSettings, 'port' | 'registersPerRequest'> & { readonly connections: number };

const LIBRARIES = [modbusSerialReader, jsmodbusReader];
/** The order of all results. */
const READERS = [...LIBRARIES, driverReader, lineReader];
const PLAN_REGISTERS = 10_000;

/** The driver sends up to 16 requests at once (`pipeline`); the target is for 8. */
const LOADS = {
  oneByOne: { connections: 1, inFlight: 1, registers: PLAN_REGISTERS, scanClasses: 4 },
  pipelined: { connections: 1, inFlight: 8, registers: PLAN_REGISTERS, scanClasses: 4 },
  pipelinedMost: { connections: 1, inFlight: 16, registers: PLAN_REGISTERS, scanClasses: 4 },
  fiftyOneByOne: { connections: 50, inFlight: 1, registers: REGISTERS_PER_REQUEST, scanClasses: 1 },
  fiftyPipelined: { connections: 50, inFlight: 8, registers: 8 * REGISTERS_PER_REQUEST, scanClasses: 1 },
} as const satisfies Record<string, Load>;
type LoadName = keyof typeof LOADS;

/** Requests of 125 registers, under all loads in each round: a disturbance of some seconds then falls on all of them. */
export async function measureRequests(port: number, run: Run, say: (line: string) => void) {
  const names = Object.keys(LOADS) as LoadName[];
  const contenders = names.flatMap((name) => {
    const settings = { ...LOADS[name], port, registersPerRequest: REGISTERS_PER_REQUEST };
    return READERS.map((reader) => contenderOf(reader, settings, 1));
  });
  const slices = await interleave(contenders, run);
  const results = {} as Record<LoadName, readonly Slices[]>;
  for (const [nth, name] of names.entries()) {
    const { connections, inFlight } = LOADS[name];
    results[name] = slices.slice(nth * READERS.length, (nth + 1) * READERS.length);
    say(`modbus, ${connections} x ${inFlight} requests of ${REGISTERS_PER_REQUEST} registers under way`);
    const readers = READERS.map((reader) => reader.name);
    tell(readers, results[name], 'requests', say);
  }
  const figures = Object.fromEntries(names.map((name) => [name, figuresOf(results[name])]));
  return {
    requestsPerSecond: figures,
    ratios: {
      oneByOne: ratio([results.oneByOne]),
      pipelined: ratio([results.oneByOne, results.pipelined]),
      pipelinedMost: ratio([results.oneByOne, results.pipelined, results.pipelinedMost]),
      fiftyConnections: ratio([results.fiftyOneByOne, results.fiftyPipelined]),
      pipelinedToOneByOne: rounded(results.pipelined[2].ratioTo(better(results.oneByOne.slice(0, LIBRARIES.length)))),
    },
  };
}

/** Values of a plan of 10,000 registers, against one request for each of them. */
export async function measureValues(port: number, run: Run, say: (line: string) => void) {
  say(`modbus, values of a plan of ${PLAN_REGISTERS} registers; libraries with one request for each`);
  const shared = { port, registers: PLAN_REGISTERS, connections: 1, scanClasses: 1 };
  const naive = { ...shared, registersPerRequest: 1, inFlight: 1 };
  const planned = { ...shared, registersPerRequest: REGISTERS_PER_REQUEST, inFlight: 1 };
  const contenders = [
    ...LIBRARIES.map((reader) => contenderOf(reader, naive, 1)),
    contenderOf(driverReader, planned, REGISTERS_PER_REQUEST),
    contenderOf(driverReader, { ...planned, inFlight: 8 }, REGISTERS_PER_REQUEST),
  ];
  const slices = await interleave(contenders, run);
  const [modbusSerial, jsmodbus, plan, pipelinedPlan] = slices;
  tell(['modbus-serial', 'jsmodbus', 'tidegate', 'tidegate, pipelined'], slices, 'values', say);
  const best = better([modbusSerial, jsmodbus]);
  return {
    valuesPerSecond: {
      plan: Math.round(plan.perSecond),
      pipelinedPlan: Math.round(pipelinedPlan.perSecond),
      modbusSerialNaive: Math.round(modbusSerial.perSecond),
      jsmodbusNaive: Math.round(jsmodbus.perSecond),
    },
    ratioToNaive: rounded(plan.ratioTo(best)),
  };
}

function contenderOf(
  reader: RegisterReader,
  settings: ReaderSettings & { readonly connections: number },
  perRequest: number,
): Contender {
  return {
    async measure(sliceMs) {
      const open = await Promise.all(Array.from({ length: settings.connections }, () => reader.open(settings)));
      const slice = await timed(async () => {
        const deadlineMs = performance.now() + sliceMs;
        const requests = await Promise.all(open.map((connection) => connection.readUntil(deadlineMs)));
        return requests.reduce((sum, count) => sum + count, 0) * perRequest;
      });
      for (const connection of open) await connection.close();
      return slice;
    },
  };
}

function figuresOf([modbusSerial, jsmodbus, driver, line]: readonly Slices[]) {
  return {
    tidegate: Math.round(driver.perSecond),
    tidegateWholeLine: Math.round(line.perSecond),
    modbusSerial: Math.round(modbusSerial.perSecond),
    jsmodbus: Math.round(jsmodbus.perSecond),
    cpuMicroseconds: {
      tidegate: rounded(driver.cpuMicroseconds),
      tidegateWholeLine: rounded(line.cpuMicroseconds),
      modbusSerial: rounded(modbusSerial.cpuMicroseconds),
      jsmodbus: rounded(jsmodbus.cpuMicroseconds),
    },
  };
}

/** Each side at its best under these loads: our driver to the better library. */
function ratio(loads: readonly (readonly Slices[])[]): number {
  const libraries = loads.flatMap((slices) => slices.slice(0, LIBRARIES.length));
  return rounded(better(loads.map(([, , driver]) => driver)).ratioTo(better(libraries)));
}

function better(contenders: readonly Slices[]): Slices {
  return contenders.toSorted((a, b) => b.perSecond - a.perSecond)[0];
}

function tell(names: readonly string[], slices: readonly Slices[], unit: string, say: (line: string) => void): void {
  for (const [index, name] of names.entries()) {
    const { perSecond, cpuMicroseconds } = slices[index];
    const cpu = `${cpuMicroseconds.toFixed(2)} µs of processor each`;
    say(`  ${name.padEnd(22)} ${Math.round(perSecond).toLocaleString('en').padStart(10)} ${unit}/s, ${cpu}`);
  }
}

function rounded(figure: number): number {
  return Math.round(figure * 100) / 100;
}
