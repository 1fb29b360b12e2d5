import type { TapCommand, Tapped, TapRequest } from './tap-messages.ts';

/** A thread in which a task of a connector runs. */
export interface TapTarget {
  readonly connector: string;
  readonly tell: (command: TapCommand) => void;
}

interface Tap {
  readonly connector: string;
  readonly request: TapRequest;
  readonly onTapped: (told: Tapped) => void;
}

/** Who looks at which connector's rows: its threads are told, those that are open and those that come. */
export class Taps {
  readonly #targets = new Set<TapTarget>();
  readonly #taps = new Map<number, Tap>();
  #nextId = 0;

  /** @returns ends it */
  open(connector: string, request: TapRequest, onTapped: (told: Tapped) => void): () => void {
    const id = this.#nextId++;
    this.#taps.set(id, { connector, request, onTapped });
    this.#tellAll(connector, { type: 'tap', id, request });
    return () => {
      this.#taps.delete(id);
      this.#tellAll(connector, { type: 'untap', id });
    };
  }

  /** A thread has opened. @returns is to be called when it has ended */
  join(target: TapTarget): () => void {
    this.#targets.add(target);
    for (const [id, { connector, request }] of this.#taps)
      if (connector === target.connector) target.tell({ type: 'tap', id, request });
    return () => void this.#targets.delete(target);
  }

  /** What a thread says. */
  told(told: Tapped): void {
    this.#taps.get(told.id)?.onTapped(told);
  }

  #tellAll(connector: string, command: TapCommand): void {
    for (const target of this.#targets) if (target.connector === connector) target.tell(command);
  }
}
