import type { ConfigView } from './config-view.ts';
import type { Claim, ConfigRecord, Kafka, Writer } from './kafka.ts';
import type { Network } from './network.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

export interface LeadSurroundings {
  readonly world: World;
  readonly process: Process;
  readonly network: Network;
  readonly kafka: Kafka;
  readonly view: ConfigView;
  /** Planted: former tasks are not shut out before new ones start. */
  readonly fences: boolean;
  readonly generation: () => number;
  /** Told of each record that was committed, with the generation in which it was sent. */
  readonly onWritten: (generation: number) => void;
  /** By the worker's own clock it still leads. */
  readonly isSure: () => boolean;
  /** Resolved when everything is known that is in the config topic. */
  readonly sync: (onSynced: (isSynced: boolean) => void) => void;
  /** Another writes to the config topic. */
  readonly onFenced: () => void;
}

const REQUEST_MS = 5_000;
const RETRY_MS = 1_000;

type Done = (outcome: 'done' | 'fenced' | 'unknown') => void;

/**
 * What the leader of a group does, as long as it leads: it alone writes to the config topic, counts the tasks of what was
 * configured, and shuts out whatever ran before a run is claimed.
 */
export class Lead {
  readonly #at: LeadSurroundings;
  #writer: Writer | null = null;
  #isOver = false;
  #isReady = false;
  #claims = 0;
  readonly #settling = new Set<string>();
  readonly #writes: (() => void)[] = [];
  #isWriting = false;

  constructor(at: LeadSurroundings) {
    this.#at = at;
    this.#begin();
  }

  get isReady(): boolean {
    return this.#isReady && !this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }

  write(record: ConfigRecord, onDone: Done): void {
    this.#writes.push(() => this.#writeNow(record, onDone));
    this.#next();
  }

  /** Does for each connector what is left to be done. */
  settle(): void {
    if (!this.isReady) return;
    for (const name of this.#at.view.connectors.keys()) {
      if (this.#settling.has(name) || !this.#hasWork(name)) continue;
      this.#settling.add(name);
      this.#settleOne(name, () => {
        this.#settling.delete(name);
        this.#at.process.after(RETRY_MS, () => this.settle());
      });
    }
  }

  #begin(): void {
    this.#open((writer) => {
      if (this.#isOver) return;
      const again = () => this.#at.process.after(RETRY_MS, () => !this.#isOver && this.#begin());
      if (writer === null) return again();
      this.#at.sync((isSynced) => {
        if (!isSynced) return again();
        this.#isReady = true;
        this.settle();
      });
    });
  }

  #open(onOpen: (writer: Writer | null) => void): void {
    if (!this.#mayWrite) return onOpen(null);
    if (this.#writer !== null) return onOpen(this.#writer);
    const { kafka, network, process } = this.#at;
    network.ask<Writer>(
      process,
      REQUEST_MS,
      (answer) => answer(kafka.takeOver('writer of the config topic')),
      (writer) => {
        this.#writer = writer;
        onOpen(this.#mayWrite ? writer : null);
      },
    );
  }

  get #mayWrite(): boolean {
    return !this.#isOver && this.#at.isSure();
  }

  #next(): void {
    if (this.#isWriting) return;
    const write = this.#writes.shift();
    if (write === undefined) return;
    this.#isWriting = true;
    write();
  }

  #writeNow(record: ConfigRecord, onDone: Done): void {
    const done: Done = (outcome) => {
      this.#isWriting = false;
      if (outcome !== 'done') this.#writer = null;
      if (outcome === 'fenced') {
        this.#isOver = true;
        this.#at.onFenced();
      }
      onDone(outcome);
      this.#next();
    };
    this.#open((writer) => {
      // Thousands may wait, and none of them would be written.
      if (writer === null) return this.#at.process.after(0, () => done('unknown'));
      const { kafka, network, process, generation } = this.#at;
      const written = generation();
      network.ask<{ isCommitted: boolean }>(
        process,
        REQUEST_MS,
        (answer) => {
          const isCommitted = kafka.commitConfig(writer, written, record);
          if (isCommitted) this.#at.onWritten(written);
          answer({ isCommitted });
        },
        (answer) => {
          if (answer === null) return done('unknown');
          if (!answer.isCommitted) return done('fenced');
          this.#at.sync((isSynced) => done(isSynced ? 'done' : 'unknown'));
        },
      );
    });
  }

  #hasWork(name: string): boolean {
    const { view } = this.#at;
    const config = view.connectors.get(name)?.config ?? null;
    return config !== null && view.claimOf(name) === null;
  }

  #settleOne(name: string, onEnd: () => void): void {
    const { view } = this.#at;
    const config = view.connectors.get(name)?.config ?? null;
    if (this.#isOver || config === null) return onEnd();
    const run = view.runOf(name);
    if (run === null) {
      this.write({ type: 'run', connector: name, tasks: config.tasks }, (outcome) =>
        outcome === 'done' ? this.#settleOne(name, onEnd) : onEnd(),
      );
      return;
    }
    const former = view.connectors.get(name)?.claim ?? null;
    const id = `${this.#at.generation()}.${this.#writer?.epoch ?? ''}.${++this.#claims}`;
    const own: Claim = { id, tasks: run.tasks, run: run.version };
    const widest: Claim = { id, tasks: Math.max(former?.tasks ?? 0, run.tasks), run: null };
    this.write({ type: 'claim', connector: name, claim: widest }, (outcome) => {
      if (outcome !== 'done') return onEnd();
      this.#fence(name, widest.tasks - 1, (isFenced) => {
        if (!isFenced || !this.#mayWrite) return onEnd();
        this.write({ type: 'claim', connector: name, claim: own }, () => onEnd());
      });
    });
  }

  /** Takes over the transactional ids of all tasks there may be. */
  #fence(name: string, task: number, onEnd: (isFenced: boolean) => void): void {
    if (task < 0 || !this.#at.fences) return onEnd(true);
    const { kafka, network, process } = this.#at;
    network.ask<Writer>(
      process,
      REQUEST_MS,
      (answer) => answer(kafka.takeOver(`task ${name}-${task}`)),
      (writer) => (writer === null ? onEnd(false) : this.#fence(name, task - 1, onEnd)),
    );
  }
}
