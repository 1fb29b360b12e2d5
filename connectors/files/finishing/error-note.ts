import type { FileProgress, FileRejected } from '../../../src/plugin/index.ts';

export interface GivenUp {
  readonly connector: string;
  /** The file, as users know it, and which of the contents under its path. */
  readonly path: string;
  readonly generation: string;
  readonly reason: FileRejected;
  /** How far it is delivered; null when nothing of it is. */
  readonly delivered: FileProgress | null;
}

/** The text of the note beside a file that was given up: one JSON object, for people and programs. */
export function errorNote({ connector, path, generation, reason, delivered }: GivenUp): string {
  const { position = 0, row = 0, line = 0, produced = 0, filtered = 0, rejected = 0 } = delivered ?? {};
  const note = {
    file: path,
    connector,
    state: 'FAILED',
    code: reason.code,
    reason: reason.message,
    time: new Date().toISOString(),
    generation,
    position,
    row,
    line,
    rows: { produced, filtered, rejected },
  };
  return `${JSON.stringify(note, null, 2)}\n`;
}
