import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Notify } from '../../config/define/hand-over.ts';
import type { ExpectedFilesEvent, FileStateEvent, RuntimeEvent, TaskStateEvent } from '../events/events.ts';
import { expectedText } from '../expectations/expected-text.ts';
import type { Notice, Notifier, Sending } from './notifier.ts';

export interface NoticesOptions {
  readonly groupId: string;
  readonly notifier: Notifier;
  /** Who is to be told of a connector; null for nobody. */
  readonly notifyOf: (connector: string) => Notify | null;
}

const EXPECTED_EVENTS = {
  late: 'files.late',
  tooSmall: 'file.too-small',
  came: 'files.came',
  cameLate: 'files.came-late',
} as const;

/** What is told of connectors to whom their feeds name: `notify.url`. */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #worker: { readonly group: string; readonly host: string; readonly pid: number };

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#worker = { group: options.groupId, host: hostname(), pid: process.pid };
  }

  /** Tells of tasks and files that have failed; what is expected has to be remembered as told, and is sent by who does that. */
  apply(event: RuntimeEvent): void {
    if (event.type === 'task.state' && event.state === 'FAILED') void this.#send(ofTask(event));
    else if (event.type === 'file.state' && event.state === 'FAILED') void this.#send(ofFile(event));
  }

  /** Resolves when nothing more is done about it. The same is told again under the same id. */
  async expected(
    event: ExpectedFilesEvent & { readonly change: keyof typeof EXPECTED_EVENTS },
  ): Promise<Sending> {
    const { connector, change, by, target, day, file, missing } = event;
    const { groupId } = this.#options;
    const id = [groupId, connector, day?.day, change, ...(file === undefined ? [] : [file.file])].join('/');
    const message =
      day === null ? by : expectedText({ ...event, day }, change === 'cameLate' ? 'came late' : null);
    const { cameFiles: came, tooSmall, ...expected } = day ?? {};
    return await this.#send({
      ...{ connector, event: EXPECTED_EVENTS[change], id, message, since: day?.at, target },
      ...{ expected: { ...expected, by, missing }, came, tooSmall, file },
    });
  }

  async #send({ id = randomUUID(), ...notice }: Notice): Promise<Sending> {
    const to = this.#options.notifyOf(notice.connector);
    if (to === null) return 'sent';
    const time = new Date().toISOString();
    return await this.#options.notifier.send(to, { id, ...notice, time, worker: this.#worker });
  }
}

function ofTask({ connector, task, error }: TaskStateEvent): Notice {
  const { code, message = 'it was ended' } = error ?? {};
  return {
    connector,
    event: 'task.failed',
    message: `task ${task} of ${connector} failed: ${message}`,
    task,
    code,
  };
}

function ofFile({ connector, task, file, detail }: FileStateEvent): Notice {
  const state = detail.action === 'moved' ? 'QUARANTINED' : 'FAILED';
  const { error: reason = null, target = null } = detail;
  const message = `${connector}: ${file} was given up: ${reason ?? 'no reason is known'}`;
  return { connector, event: 'file.failed', message, task, file, state, reason, target };
}
