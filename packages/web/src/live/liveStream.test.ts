import { expect, it } from 'vitest';
import { type EventStream, type LinkState, LiveStream, SILENCE_MS } from './liveStream.ts';

/** Stands where the browser's `EventSource` stands, and is told what happens to it. */
class ScriptedStream implements EventStream {
  readyState = 0;
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>();

  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(name, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  say(name: string, data: unknown = {}): void {
    this.#listeners.get(name)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
  }
}

function bench() {
  const streams: ScriptedStream[] = [];
  const states: LinkState['kind'][] = [];
  const received: string[] = [];
  const clock = { ms: 1_000 };
  const stream = new LiveStream(
    () => {
      streams.push(new ScriptedStream());
      return streams.at(-1) as ScriptedStream;
    },
    {
      samples: (rows) => received.push(`samples ${rows.tags}`),
      boundary: () => received.push('boundary'),
      link: (state) => states.push(state.kind),
    },
    () => clock.ms,
  );
  stream.start();
  return { streams, states, received, clock, stream };
}

it('hands over what arrives, and says once that it is live', () => {
  const { streams, states, received, stream } = bench();
  streams[0].say('latest', { tags: [1] });
  streams[0].say('samples', { tags: [2, 3] });
  streams[0].say('boundary');
  expect(received).toEqual(['samples 1', 'samples 2,3', 'boundary']);
  expect(states).toEqual(['live']);
  stream.stop();
});

it('leaves reconnecting to the browser after a broken connection', () => {
  const { streams, states, clock, stream } = bench();
  streams[0].say('boundary');
  streams[0].say('error');
  clock.ms += SILENCE_MS / 2;
  stream.check();
  streams[0].say('boundary');
  expect(streams).toHaveLength(1);
  expect(states).toEqual(['live', 'lost', 'live']);
  stream.stop();
});

it('opens anew when the browser has given up, and no longer listens to the old stream', () => {
  const { streams, states, received, clock, stream } = bench();
  streams[0].say('error');
  streams[0].readyState = 2;
  clock.ms += 2_500;
  stream.check();
  expect(streams).toHaveLength(2);
  streams[0].say('boundary');
  expect(received).toEqual([]);
  streams[1].say('boundary');
  expect(states).toEqual(['lost', 'live']);
  stream.stop();
});

it('takes long silence for a loss, even on a connection that looks open', () => {
  const { streams, states, clock, stream } = bench();
  streams[0].say('boundary');
  clock.ms += SILENCE_MS + 1;
  stream.check();
  expect(states).toEqual(['live', 'lost']);
  expect(streams).toHaveLength(2);
  stream.stop();
});
