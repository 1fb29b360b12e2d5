import type { TaskName } from '../../src/cluster/messages.ts';
import { type Claim, FILES, filesOf, type Kafka, type Writer } from './kafka.ts';
import type { Network } from './network.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

export interface TaskSurroundings {
  readonly world: World;
  readonly process: Process;
  readonly network: Network;
  readonly kafka: Kafka;
  /** By whom a connector is held, read anew. */
  readonly readClaim: (connector: string) => Claim | null;
}

export interface TaskStart {
  readonly name: TaskName;
  readonly connector: string;
  readonly task: number;
  readonly tasks: number;
  readonly claim: string;
  readonly onFenced: () => void;
}

const REQUEST_MS = 5_000;
const RETRY_MS = 300;

/**
 * Takes over its transactional id, looks whether its connector's claim is still the one it was given, reads how far the
 * files are, and commits rows; after any doubt it begins anew.
 */
export class Task {
  readonly start: TaskStart;
  readonly #at: TaskSurroundings;
  #writer: Writer | null = null;
  readonly #rows = new Map<number, number>();
  #isEnding = false;
  #inFlight = false;
  #onEnded: (() => void)[] = [];
  isOver = false;

  constructor(at: TaskSurroundings, start: TaskStart) {
    this.#at = at;
    this.start = start;
    this.#takeOver();
  }

  /** It may write rows. */
  get isRunning(): boolean {
    return !this.isOver && !this.#isEnding && this.#writer !== null;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Ends once what is being committed is. */
  end(onEnded: () => void): void {
    if (this.isOver) return onEnded();
    this.#onEnded.push(onEnded);
    this.#isEnding = true;
    if (!this.#inFlight) this.#at.process.after(this.#at.world.between(5, 400), () => this.kill());
  }

  /** At once: what is on its way to Kafka may arrive there all the same. */
  kill(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const onEnded of this.#onEnded.splice(0)) onEnded();
  }

  #takeOver(): void {
    const { kafka, network, process, readClaim } = this.#at;
    const { name, connector, claim } = this.start;
    this.#writer = null;
    this.#ask<Writer>(
      (answer) => answer(kafka.takeOver(`task ${name}`)),
      (writer) =>
        network.ask<{ claim: Claim | null }>(
          process,
          REQUEST_MS,
          (answer) => answer({ claim: readClaim(connector) }),
          this.#unlessOver((held) => {
            if (held === null) return this.#again();
            if (held.claim?.id !== claim) return this.#fenced('its connector was taken over');
            this.#readRows(writer);
          }),
        ),
    );
  }

  #readRows(writer: Writer): void {
    const { kafka } = this.#at;
    const { connector, task, tasks } = this.start;
    this.#ask<number[]>(
      (answer) => answer(Array.from({ length: FILES }, (_, file) => kafka.committedRows(connector, file))),
      (rows) => {
        for (const file of filesOf(task, tasks)) this.#rows.set(file, rows[file] as number);
        this.#writer = writer;
        this.#at.world.tell(`${this.start.name}: runs with epoch ${writer.epoch}`);
        this.#writeSoon();
      },
    );
  }

  #writeSoon(): void {
    const { process, world } = this.#at;
    process.after(
      world.between(300, 3_000),
      this.#unlessOver(() => this.#write()),
    );
  }

  #write(): void {
    if (this.#isEnding) return;
    const { kafka, world } = this.#at;
    const { connector } = this.start;
    const files = [...this.#rows.keys()];
    const writer = this.#writer;
    if (files.length === 0 || writer === null) return;
    const file = world.pick(files);
    const from = this.#rows.get(file) as number;
    const to = from + world.whole(1, 1_000);
    this.#inFlight = true;
    this.#ask<{ isCommitted: boolean }>(
      (answer) => answer({ isCommitted: kafka.commitRows(writer, connector, file, from, to) }),
      ({ isCommitted }) => {
        if (!isCommitted) return this.#fenced('its transactional id was taken over');
        this.#rows.set(file, to);
        if (this.#isEnding) this.kill();
        else this.#writeSoon();
      },
    );
  }

  #ask<T>(serve: (answer: (answer: T) => void) => void, onAnswer: (answer: T) => void): void {
    this.#at.network.ask<T>(
      this.#at.process,
      REQUEST_MS,
      serve,
      this.#unlessOver((answer: T | null) => {
        this.#inFlight = false;
        if (answer === null) this.#again();
        else onAnswer(answer);
      }),
    );
  }

  #again(): void {
    if (this.#isEnding) return this.kill();
    this.#at.process.after(
      RETRY_MS,
      this.#unlessOver(() => this.#takeOver()),
    );
  }

  #fenced(why: string): void {
    this.#at.world.tell(`${this.start.name}: shut out, as ${why}`);
    this.kill();
    this.start.onFenced();
  }

  #unlessOver<T extends unknown[]>(run: (...given: T) => void): (...given: T) => void {
    return (...given) => {
      if (!this.isOver) run(...given);
    };
  }
}
