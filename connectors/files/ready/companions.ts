import { posix } from 'node:path';
import type { ConfigProblem } from '../../../src/plugin/index.ts';
import { literalSource } from '../../../src/values/literal-source.ts';
import type { Checksum, FoundFile } from '../file-version.ts';
import { stemOf } from '../finishing/free-name.ts';

/** What a feed says of the files that must be there beside one before it is taken. */
export interface CompanionOptions {
  /** The name of its marker: `{name}` and `{stem}` stand for the file's. */
  readonly readyMarker: string | null;
  /** Of what kind its checksum is, which is in `<name>.sha256` or `<name>.md5`. */
  readonly readyChecksum: Checksum['algorithm'] | null;
}

export interface Companion {
  readonly file: FoundFile;
  /** Of the checksum that it holds; null for a marker. */
  readonly algorithm: Checksum['algorithm'] | null;
}

interface Template {
  readonly text: string;
  readonly algorithm: Companion['algorithm'];
}

const PLACEHOLDER = /\{(?:name|stem)\}/g;

/** Small files that tell of another one, in the same folder, that it is complete. They are never loaded. */
export class Companions {
  readonly #templates: readonly Template[];
  readonly #names: readonly RegExp[];

  constructor({ readyMarker = null, readyChecksum = null }: Partial<CompanionOptions>) {
    this.#templates = [
      ...(readyMarker === null ? [] : [{ text: readyMarker, algorithm: null }]),
      ...(readyChecksum === null ? [] : [{ text: `{name}.${readyChecksum}`, algorithm: readyChecksum }]),
    ];
    this.#names = this.#templates.map(({ text }) => {
      const literals = text.split(PLACEHOLDER).map(literalSource);
      return new RegExp(`^${literals.join('.+')}$`, 's');
    });
  }

  /** Files need none. */
  get isEmpty(): boolean {
    return this.#templates.length === 0;
  }

  /** Whether a name can only be one of theirs. */
  isOne(name: string): boolean {
    return this.#names.some((regExp) => regExp.test(name));
  }

  /** Those of a file, whether they are there or not. */
  of({ path, absolute, place }: FoundFile): Companion[] {
    const name = posix.basename(place);
    return this.#templates.map(({ text, algorithm }) => {
      const beside = (whole: string) => whole.slice(0, whole.length - name.length) + named(text, name);
      return { algorithm, file: { path: beside(path), absolute: beside(absolute), place: beside(place) } };
    });
  }
}

function named(template: string, name: string): string {
  return template.replaceAll(PLACEHOLDER, (placeholder) => (placeholder === '{name}' ? name : stemOf(name)));
}

/** Mistakes in `ready.marker`. */
export function* checkMarker({ readyMarker }: CompanionOptions): Generator<ConfigProblem> {
  if (readyMarker === null) return;
  const given = JSON.stringify(readyMarker);
  const key = 'ready.marker';
  if (readyMarker.includes('/'))
    yield { key, message: `expected a name without a slash, got ${given}; a marker lies beside its file` };
  else if (!/\{(?:name|stem)\}/.test(readyMarker) || /^\{(?:name|stem)\}$/.test(readyMarker)) {
    const message = `expected {name} or {stem} and more, as in "{name}.done", got ${given}; each file needs a marker of its own`;
    yield { key, message };
  }
}
