import type { Logger } from 'pino';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { Expectations } from '../../runtime/expectations/expectations.ts';
import { Notices } from '../../runtime/notify/notices.ts';
import { Notifier } from '../../runtime/notify/notifier.ts';
import type { Herder } from '../../runtime/worker/herder.ts';

export interface HandOverWatch {
  readonly expectations: Expectations;
  close(): Promise<void>;
}

/** Watches over what feeds expect, and tells those whom they name. */
export function watchHandOvers(worker: WorkerConfig, herder: Herder, log: Logger): HandOverWatch {
  const notifier = new Notifier((unsent) => herder.events.publish({ type: 'notification', ...unsent }));
  const notices = new Notices({
    groupId: worker.groupId,
    notifier,
    notifyOf: (connector) => herder.connectors.get(connector)?.feed?.config.notify ?? null,
  });
  const expectations = new Expectations({
    ...{ worker, herder, notices },
    onFailure: (reason) => log.warn({ reason }, 'expected files cannot be looked after'),
  });
  for (const told of [notices, expectations]) herder.events.subscribe((event) => told.apply(event));
  return {
    expectations,
    close: async () => {
      await notifier.close();
      await expectations.close();
    },
  };
}
