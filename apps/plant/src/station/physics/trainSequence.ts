/** How a train starts, runs, stops and trips: the states of its unit control, and the speed that each asks for. */

export const TRAIN_STATES = ['stopped', 'starting', 'running', 'stopping', 'tripped'] as const;
export type TrainState = (typeof TRAIN_STATES)[number];

/** Seconds since the start and share of the design speed: purge, light-off, warm-up, through the critical speed, loading. */
const START_RAMP: readonly (readonly [second: number, speed: number])[] = [
  [0, 0],
  [60, 0.2],
  [180, 0.2],
  [300, 0.45],
  [780, 0.45],
  [840, 0.75],
  [1_020, 0.82],
];
const RAMP_S = START_RAMP[START_RAMP.length - 1][0];
const LIT_S = 180;
const LOADED_WITHIN = 0.005;
const COOL_DOWN_SPEED = 0.45;
const COOL_DOWN_S = 420;
const COAST_TIME_S = 70;
const STANDSTILL = 0.005;
/** In a second: slow enough for process and machine. */
const RUNNING_RATE = 0.0008;
const STOPPING_RATE = 0.003;
/** Somebody has to drive there and look. */
const RESET_S = 6 * 3_600;

export class TrainSequence {
  state: TrainState;
  /** Share of the design speed. */
  speed: number;
  /** What the train tripped by last. */
  tripCause = '';
  #inStateS = 0;

  constructor(isRunning: boolean, speed: number) {
    this.state = isRunning ? 'running' : 'stopped';
    this.speed = isRunning ? speed : 0;
  }

  get isLit(): boolean {
    if (this.state === 'starting') return this.#inStateS >= LIT_S;
    return this.state === 'running' || (this.state === 'stopping' && this.#inStateS < COOL_DOWN_S);
  }

  /** Whether load, valve and speed are those of steady running. */
  get isTurning(): boolean {
    return this.speed > STANDSTILL;
  }

  trip(cause: string): void {
    this.tripCause = cause;
    this.#enter('tripped');
  }

  /** `isWanted` by the schedule; `speedDemand` is the station's for all that run. */
  step(stepS: number, isWanted: boolean, speedDemand: number): void {
    this.#inStateS += stepS;
    switch (this.state) {
      case 'stopped':
        this.#coast(stepS);
        if (isWanted) this.#enter('starting');
        break;
      case 'starting':
        this.#start(stepS, speedDemand);
        if (!isWanted) this.#enter('stopping');
        break;
      case 'running':
        this.#approach(speedDemand, RUNNING_RATE * stepS);
        if (!isWanted) this.#enter('stopping');
        break;
      case 'stopping':
        if (this.isLit) this.#approach(Math.min(this.speed, COOL_DOWN_SPEED), STOPPING_RATE * stepS);
        else this.#coast(stepS);
        if (!this.isTurning) this.#enter('stopped');
        break;
      case 'tripped':
        this.#coast(stepS);
        if (this.#inStateS >= RESET_S) this.#enter('stopped');
        break;
    }
  }

  /** Up the ramp, then to the speed of the others with the anti-surge valve still open: only then it takes load. */
  #start(stepS: number, speedDemand: number): void {
    if (this.#inStateS <= RAMP_S) this.speed = rampSpeed(this.#inStateS);
    else {
      this.#approach(speedDemand, RUNNING_RATE * stepS);
      if (Math.abs(this.speed - speedDemand) < LOADED_WITHIN) this.#enter('running');
    }
  }

  #enter(state: TrainState): void {
    this.state = state;
    this.#inStateS = 0;
  }

  #approach(target: number, most: number): void {
    this.speed += Math.max(-most, Math.min(most, target - this.speed));
  }

  #coast(stepS: number): void {
    this.speed *= Math.exp(-stepS / COAST_TIME_S);
    if (this.speed <= STANDSTILL) this.speed = 0;
  }
}

function rampSpeed(second: number): number {
  for (let index = 1; index < START_RAMP.length; index++) {
    const [endS, end] = START_RAMP[index];
    const [beginS, begin] = START_RAMP[index - 1];
    if (second <= endS) return begin + ((end - begin) * (second - beginS)) / (endS - beginS);
  }
  return START_RAMP[START_RAMP.length - 1][1];
}
