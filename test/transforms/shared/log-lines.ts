import { onTestFinished, vi } from 'vitest';
import type { PluginLog } from '../../../src/plugin/index.ts';
import { pluginContext } from '../support.ts';

export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: keyof PluginLog;
  readonly message: string;
}

/** What transformations log from now to the end of the test. */
export function logLines(): readonly LogLine[] {
  const lines: LogLine[] = [];
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    const spy = vi.spyOn(pluginContext.log, level).mockImplementation((message, fields) => {
      lines.push({ ...fields, level, message });
    });
    onTestFinished(() => spy.mockRestore());
  }
  return lines;
}
