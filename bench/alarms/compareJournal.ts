/** Holds the journal of alarms against the samples that the archive has of the same tags. */

export interface JournalComparison {
  /** Changes of the tags, by the archive, and records of the journal, up to a moment that both have reached. */
  readonly expected: number;
  readonly kept: number;
  readonly lost: number;
  readonly invented: number;
  /** Records of an alarm that stand in the journal before an earlier one of it. */
  readonly outOfOrder: number;
}

interface RecordPage {
  readonly records: readonly { readonly time: number; readonly name: string; readonly happening: string }[];
  readonly next: string | null;
}

interface RawAnswer {
  readonly series: readonly { readonly times: readonly number[]; readonly values: readonly (number | null)[] }[];
}

const LIMIT = 50;
const PAGE = 10_000;
/** What has been read in the last seconds may be on its way. */
const SETTLED_US = 5_000_000;

/** Of the alarms that `runSteadyPlant` configures. */
export async function compareJournal(url: string, alarms: number): Promise<JournalComparison> {
  const until = Date.now() * 1_000 - SETTLED_US;
  await new Promise((resolve) => setTimeout(resolve, SETTLED_US / 1_000));
  const records = await readJournal(url, until);
  const comparison = { expected: 0, kept: 0, lost: 0, invented: 0, outOfOrder: 0 };
  for (let tag = 0; tag < alarms; tag++) {
    const path = `rig/device-0/tag-${tag}`;
    const told = records.get(`${path}/high`) ?? [];
    const due = new Set(await changesOf(url, path, until));
    comparison.expected += due.size;
    comparison.kept += told.length;
    for (const [at, { key, time }] of told.entries()) {
      if (!due.delete(key)) comparison.invented++;
      if (at > 0 && time < told[at - 1].time) comparison.outOfOrder++;
    }
    comparison.lost += due.size;
  }
  return comparison;
}

async function readJournal(url: string, until: number) {
  const byAlarm = new Map<string, { key: string; time: number }[]>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: RecordPage = await ask<RecordPage>(
      url,
      `/alarms/history?start=*-1d&order=oldest&limit=${PAGE}${after}`,
    );
    for (const { time, name, happening } of page.records) {
      if (time >= until) continue;
      const told = byAlarm.get(name) ?? [];
      told.push({ key: `${happening} ${time}`, time });
      byAlarm.set(name, told);
    }
    cursor = page.next;
  }
  return byAlarm;
}

/** When the tag went over the limit and came back, as the archive has it. */
async function changesOf(url: string, path: string, until: number): Promise<string[]> {
  const query = `tag=${encodeURIComponent(path)}&start=*-1d&limit=${PAGE}`;
  const { times, values } = (await ask<RawAnswer>(url, `/history/raw?${query}`)).series[0];
  const changes: string[] = [];
  let isActive = false;
  for (const [row, value] of values.entries()) {
    if (typeof value !== 'number' || times[row] >= until) continue;
    if (value > LIMIT !== isActive) {
      isActive = !isActive;
      changes.push(`${isActive ? 'activated' : 'returned'} ${times[row]}`);
    }
  }
  return changes;
}

async function ask<T>(url: string, path: string): Promise<T> {
  const answer = await fetch(`${url}/api/v1${path}`);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
