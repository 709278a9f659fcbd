/** The order of messages, whatever the network and the server make of it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NotificationMessage } from './service/answer.ts';
import { Subscription } from './subscription.ts';

const NEWS = [{ type: 811, body: Uint8Array.of(0, 0, 0, 0) }];
const news = (sequence: number): NotificationMessage => ({ sequence, notifications: NEWS });
const alive = (next: number): NotificationMessage => ({ sequence: next, notifications: [] });

/** A server whose memory holds every message but those in `gone`. */
class Scene {
  readonly delivered: number[] = [];
  readonly asked: number[] = [];
  lost = 0;
  readonly subscription: Subscription;

  constructor() {
    const created = { id: 3, publishMs: 1_000, lifetimeCount: 30, keepAliveCount: 10 };
    this.subscription = new Subscription(created, 0, 500, {
      deliver: ({ sequence }) => this.delivered.push(sequence),
      republish: (sequence) => this.asked.push(sequence),
      lost: (messages) => {
        this.lost += messages;
      },
    });
  }

  hear(...messages: readonly NotificationMessage[]): this {
    for (const message of messages) this.subscription.hear(message, 0);
    return this;
  }

  /** Answers everything that is asked for. */
  answer(gone: ReadonlySet<number> = new Set()): this {
    for (let sequence = this.asked.shift(); sequence !== undefined; sequence = this.asked.shift()) {
      this.subscription.fetched(sequence, gone.has(sequence) ? undefined : news(sequence));
    }
    return this;
  }
}

describe('messages', () => {
  it('are handed on as they come, and those that came before are not', () => {
    expect(new Scene().hear(news(1), news(2), news(2), news(1), news(3)).delivered).toEqual([1, 2, 3]);
  });

  it('wait for one that is missing, which is asked for once', () => {
    const scene = new Scene().hear(news(1), news(3), news(4));
    expect([scene.delivered, scene.asked]).toEqual([[1], [2]]);
    expect(scene.answer().delivered).toEqual([1, 2, 3, 4]);
  });

  it('go on where the server does not have the missing one any more', () => {
    const scene = new Scene().hear(news(1), news(4)).answer(new Set([2]));
    expect([scene.delivered, scene.lost]).toEqual([[1, 3, 4], 1]);
  });

  it('are missed when a keep-alive names a later number than the next', () => {
    const scene = new Scene().hear(news(1), alive(2), alive(3));
    expect(scene.asked).toEqual([2]);
    expect(scene.answer().hear(news(3)).delivered).toEqual([1, 2, 3]);
  });

  it('are given up where far too many are missing', () => {
    const scene = new Scene().hear(news(1), news(1_000), news(1_001)).answer();
    expect([scene.delivered, scene.lost]).toEqual([[1, 1_000, 1_001], 998]);
  });

  it('are asked for anew after the connection has broken', () => {
    const scene = new Scene().hear(news(1), news(3));
    scene.subscription.resumed(0);
    expect(scene.hear(news(4)).asked).toEqual([2, 2]);
    expect(scene.answer().delivered).toEqual([1, 2, 3, 4]);
  });

  it('begin anew at 1 behind the last of 32 bits', () => {
    const last = 0xffff_ffff;
    const scene = new Scene().hear(news(0x7fff_0000), news(0xbfff_0000), news(last - 1), news(last), news(1), news(2));
    expect(scene.delivered.slice(-4)).toEqual([last - 1, last, 1, 2]);
  });

  it('come in their sequence, each once, whichever are dropped on the way and gone at the server', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 20 });
    fc.assert(
      fc.property(numbers, numbers, (dropped, gone) => {
        const scene = new Scene();
        for (let sequence = 1; sequence <= 40; sequence++) {
          if (!dropped.includes(sequence)) scene.hear(news(sequence));
          scene.answer(new Set(gone));
        }
        const lost = dropped.filter((sequence) => gone.includes(sequence));
        const all = Array.from({ length: 40 }, (_, index) => index + 1);
        expect(scene.delivered).toEqual(all.filter((sequence) => !lost.includes(sequence)));
        expect(scene.lost).toBe(lost.length);
      }),
    );
  });
});

describe('silence', () => {
  it('is what is longer than the keep-alive and the timeout', () => {
    const { subscription } = new Scene();
    expect(subscription.silentAtMs).toBe(10_500);
    subscription.hear(alive(1), 4_000);
    expect(subscription.silentAtMs).toBe(14_500);
  });
});
