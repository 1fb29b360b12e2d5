import type { ConnectorConfig } from '../../config/connector-config.ts';
import type { RowBatch } from '../../rows/index.ts';
import type { BatchTap } from '../stages/transform-stream.ts';
import type { TaskPlan } from '../task/task-plan.ts';
import { RecordText } from './record-text.ts';
import { RowTap } from './row-tap.ts';
import { stageLabels } from './stage-labels.ts';
import type { TapCommand, Tapped, TapRequest } from './tap-messages.ts';

/** What is left to tell is told after so long, though no row comes any more. */
const REST_MS = 250;

/** Whose rows are looked at. */
interface Tapee {
  readonly taskCount: number;
  readonly text: RecordText;
}

/** Those who look at the rows of a task's thread, whichever task is running in it. */
export class RowTaps {
  readonly #tell: (told: Tapped) => void;
  readonly #requests = new Map<number, TapRequest>();
  readonly #taps = new Map<number, RowTap>();
  #rest: NodeJS.Timeout | null = null;

  constructor(tell: (told: Tapped) => void) {
    this.#tell = tell;
  }

  take(command: TapCommand): void {
    if (command.type === 'tap') this.#requests.set(command.id, command.request);
    else {
      this.#requests.delete(command.id);
      this.#taps.delete(command.id);
    }
  }

  /** For a task that begins. @param hider gives what takes secrets out of a text; asked once somebody looks */
  of(
    config: ConnectorConfig,
    { taskId, taskCount }: Pick<TaskPlan, 'taskId' | 'taskCount'>,
    hider: () => (text: string) => string,
  ): BatchTap {
    const labels = stageLabels(config);
    const requests = this.#requests;
    let tapee: Tapee | null = null;
    return {
      get isOpen() {
        return requests.size > 0;
      },
      look: (batch, passed) => {
        tapee ??= { taskCount, text: new RecordText(taskId, config.errors.includesValues, hider()) };
        this.#look(batch, labels[passed] as string, passed === labels.length - 1, tapee);
      },
    };
  }

  /** Tells what is left to tell. */
  tellRest(): void {
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = null;
    for (const tap of this.#taps.values()) this.#tellOf(tap);
  }

  #look(batch: RowBatch, label: string, isLast: boolean, tapee: Tapee): void {
    for (const [id, request] of this.#requests) {
      if (request.stage === null ? !isLast : request.stage !== label) continue;
      const tap = this.#taps.get(id) ?? new RowTap({ id, request, ...tapee });
      this.#taps.set(id, tap);
      tap.look(batch, this.#requests.size);
      if (tap.hasRecords) this.#tellOf(tap);
      else this.#rest ??= setTimeout(() => this.tellRest(), REST_MS).unref();
    }
  }

  #tellOf(tap: RowTap): void {
    const told = tap.take();
    if (told !== null) this.#tell(told);
  }
}
