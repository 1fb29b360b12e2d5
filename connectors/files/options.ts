import type { ConfigProblem } from '../../src/plugin/index.ts';
import { defineConfig } from '../../src/plugin/index.ts';
import { DEFAULT_LIMITS, type DecompressionLimits } from './reading/compressed-content.ts';
import { REAPPEAR_POLICIES } from './recognition/reappearance.ts';

/** Options of every connector that reads files from a disk. */
export const fileOptions = defineConfig({
  finishedPath: {
    doc:
      'Folder into which a file is moved once all its rows are committed, with its path below input.path. A name that is ' +
      'taken gets a suffix, one that gets too long is cut; nothing is overwritten. A file that cannot be moved is tried ' +
      'again, while others go on. Not set: files stay where they are, and are not read again.',
    format: 'path',
    default: null,
  },
  finishedDelete: {
    doc: 'Delete a file once all its rows are committed, instead of leaving or moving it.',
    format: 'boolean',
    default: false,
  },
  errorPath: {
    doc:
      'Folder into which a file is moved that was given up (it cannot be parsed, or has more bad rows than errors.max ' +
      'allows), with the reason beside it in <name>.error.txt; the task goes on with other files either way. Not set: the ' +
      'file is left where it is, and is looked at again when it has changed.',
    format: 'path',
    default: null,
  },
  onReappear: {
    doc:
      'What to do when a file comes under the name of one that was delivered. auto: load other content, pass over the ' +
      'same content, and of a file that has grown load the new rows. skip: never load a name twice. reprocess: load it ' +
      'again from its beginning. fail: fail the task.',
    format: REAPPEAR_POLICIES,
    default: 'auto',
  },
  decompressedMaxBytes: {
    doc: 'A compressed file with more bytes of content is given up.',
    format: 'nat',
    default: DEFAULT_LIMITS.maxBytes,
  },
  decompressedMaxRatio: {
    doc:
      'A compressed file is given up that has more than 1 GiB of content, and more than so many bytes of it for each byte ' +
      'of the file, as no rows that differ from each other have.',
    format: 'nat',
    default: DEFAULT_LIMITS.maxRatio,
  },
});

/** The limits that the options set. */
export function limitsOf(values: {
  readonly decompressedMaxBytes: number;
  readonly decompressedMaxRatio: number;
}): DecompressionLimits {
  const { decompressedMaxBytes, decompressedMaxRatio } = values;
  return { ...DEFAULT_LIMITS, maxBytes: decompressedMaxBytes, maxRatio: decompressedMaxRatio };
}

/** Mistakes in the options that connectors share. */
export function* checkFileOptions(config: {
  readonly finishedPath: string | null;
  readonly finishedDelete: boolean;
}): Generator<ConfigProblem> {
  if (config.finishedPath !== null && config.finishedDelete) {
    yield {
      key: 'finished.delete',
      message:
        'is true while finished.path is set; a delivered file is either moved or deleted: remove one of the two',
    };
  }
}
