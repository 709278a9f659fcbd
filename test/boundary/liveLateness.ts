/**
 * A process that watches the live stream of a server as a person's console does, and says how late samples come.
 *
 * Arguments: the address of the interface, and how the paths of the tags begin. To the parent, for `LatenessQuestion`:
 * `LatenessAnswer`. It stands on a host of its own with the server, and shares the clock of the gateway.
 */

interface TagPage {
  readonly tags: readonly { readonly index: number; readonly lane: string }[];
}

interface SampleRows {
  readonly times: readonly number[];
}

/** Of the operational samples with times from `from` to `to` (µs). */
interface LatenessQuestion {
  readonly from: number;
  readonly to: number;
}

export interface LatenessAnswer {
  readonly kind: 'lateness';
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How many operational tags are watched. */
const WATCHED_TAGS = 34;

const times: number[] = [];
const latenessMs: number[] = [];

async function watch(base: string): Promise<void> {
  const page = (await (await fetch(`${base}/tags?limit=200`)).json()) as TagPage;
  const operational = page.tags.filter(({ lane }) => lane === 'operational').slice(0, WATCHED_TAGS);
  const live = await fetch(`${base}/live?tags=${operational.map(({ index }) => index).join()}`);
  if (!live.body) throw new Error(`no live stream: ${live.status}`);
  process.send?.({ kind: 'watching' });
  let text = '';
  for await (const chunk of live.body.pipeThrough(new TextDecoderStream())) {
    const events = (text + chunk).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) if (event.startsWith('event: samples\n')) take(event);
  }
}

function take(event: string): void {
  const nowMs = Date.now();
  const rows = JSON.parse(event.slice(event.indexOf('data: ') + 6)) as SampleRows;
  for (const time of rows.times) {
    times.push(time);
    latenessMs.push(nowMs - time / 1_000);
  }
}

process.on('message', ({ from, to }: LatenessQuestion) => {
  const asked = latenessMs.filter((_, row) => times[row] >= from && times[row] < to).sort((a, b) => a - b);
  const at = (share: number) => asked[Math.min(asked.length - 1, Math.floor(asked.length * share))] ?? Number.NaN;
  const percentiles = { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
  process.send?.({ kind: 'lateness', samples: asked.length, ...percentiles } satisfies LatenessAnswer);
});

await watch(process.argv[2]);
