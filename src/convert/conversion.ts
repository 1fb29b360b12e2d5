import { type ConfigEntries, problemAt, wholeOf } from '../config/read/config-entry.ts';
import { invalidConfig } from '../config/read/problem.ts';

/** A key that is in no feed, and what follows from that. */
export interface Note {
  /** The key as Kafka Connect has it. */
  readonly key: string;
  /** Somebody wrote it; otherwise it is what the connector takes where nobody did. */
  readonly isWritten: boolean;
  /** `lost`: something is otherwise here, or left to do; `needless`: nothing is lost without it. */
  readonly kind: 'lost' | 'needless';
  readonly message: string;
}

/** A line of the feed, and the keys that it was made of. */
export interface FeedLine {
  readonly key: string;
  value: string;
  readonly from: Set<string>;
}

/** The labels of stages that the connector itself becomes; its own transformations and filters get others. */
const OWN_LABELS: readonly string[] = ['parse', 'validate', 'line', 'key', 'route'];
/** The order of stages in the feed, whatever comes first in the connector's file. */
const RANKS = ['parse', 'validate', 'filter', 'key', 'route', 'transform'] as const;
export type StageRank = (typeof RANKS)[number];

/** A connector of Kafka Connect on its way to a feed. */
export class Conversion {
  readonly source: ReadonlyMap<string, string>;
  readonly lines = new Map<string, FeedLine>();
  readonly notes: Note[] = [];
  readonly #written: ConfigEntries;
  readonly #stages: { label: string; rank: StageRank }[] = [];
  readonly #predicates: string[] = [];
  readonly #told = new Set<string>();

  /** @param name of the feed where the connector has none */
  constructor(written: ConfigEntries, name: string) {
    this.#written = written;
    const texts = [...written.entries].map(([key, { text }]): [string, string] => [key, text]);
    this.source = new Map([['name', name], ...texts]);
  }

  /** The labels of the feed's `transforms`, in the order they run. */
  get labels(): string[] {
    return RANKS.flatMap((rank) => this.#stages.filter((stage) => stage.rank === rank)).map(
      ({ label }) => label,
    );
  }

  /** Keys that somebody wrote, and that nothing was said of yet. */
  get untold(): string[] {
    return [...this.source.keys()].filter((key) => !this.#told.has(key));
  }

  set(key: string, value: string, from: string): void {
    const line = this.lines.get(key);
    if (line === undefined) this.lines.set(key, { key, value, from: new Set([from]) });
    else {
      line.value = value;
      line.from.add(from);
    }
    this.#told.add(from);
  }

  /** Says that a key is a part of what a line says. */
  partOf(key: string, from: string): void {
    this.lines.get(key)?.from.add(from);
    this.#told.add(from);
  }

  /** Notes of what nobody wrote are kept only where something is otherwise. */
  note(key: string, kind: Note['kind'], message: string): void {
    const isWritten = this.#written.entries.has(key);
    this.#told.add(key);
    if (isWritten || kind === 'lost') this.notes.push({ key, isWritten, kind, message });
  }

  /** Notes that what was not told yet below a prefix goes with its type, which was. */
  noteRest(prefix: string): void {
    for (const key of this.untold)
      if (key.startsWith(prefix)) this.note(key, 'lost', `goes with ${prefix}type`);
  }

  /** Nothing becomes of the connector at all. */
  refuse(key: string, message: string): never {
    const place = this.#written.entries.get(key) ?? wholeOf(this.#written.origin);
    throw invalidConfig([problemAt(place, key, message)]);
  }

  /** Adds a stage of Headrace's own, and gives the beginning of its keys. */
  stage(word: string, rank: StageRank, from: string): string {
    this.#stages.push({ label: word, rank });
    this.#told.add(from);
    return `transforms.${word}.`;
  }

  /** Adds a stage under the name that the connector has for it, or one like it where that is taken. */
  foreignStage(word: string, rank: StageRank, from: string): string {
    const taken = [...OWN_LABELS, ...this.labels];
    let label = word;
    for (let number = 2; taken.includes(label); number++) label = `${word}${number}`;
    return this.stage(label, rank, from);
  }

  /** A stage that the connector has itself, as a transformation or a filter. */
  isForeign(label: string): boolean {
    return this.labels.includes(label) && !OWN_LABELS.includes(label);
  }

  /** Adds a predicate, and gives the beginning of its keys. */
  predicate(label: string): string {
    this.#predicates.push(label);
    return `predicates.${label}.`;
  }

  /** Writes the stages and predicates there are into `transforms` and `predicates`. */
  chain(): void {
    const asked = new Set(['predicates'].filter((key) => this.source.has(key)));
    if (this.#predicates.length > 0)
      this.lines.set('predicates', { key: 'predicates', value: this.#predicates.join(','), from: asked });
    const from = new Set(['transforms'].filter((key) => this.source.has(key)));
    this.lines.set('transforms', { key: 'transforms', value: this.labels.join(','), from });
  }

  /** Takes a stage out again, with its keys; what they were made of is noted. */
  dropStage(label: string, message: string): void {
    const at = this.#stages.findIndex((stage) => stage.label === label);
    if (at !== -1) this.#stages.splice(at, 1);
    this.chain();
    for (const key of [...this.lines.keys()].filter((one) => one.startsWith(`transforms.${label}.`)))
      this.dropLine(key, message);
  }

  /** Takes a line out again; what it was made of is noted. */
  dropLine(key: string, message: string): void {
    for (const from of this.lines.get(key)?.from ?? []) this.note(from, 'lost', message);
    this.lines.delete(key);
  }
}

/** The items of a list as Kafka Connect writes it. */
export function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
