/** A part of a glob. */
export type GlobPart =
  | { readonly kind: 'text'; readonly text: string }
  /** One character: any, or one of a class. */
  | { readonly kind: 'one'; readonly isIn: (character: string) => boolean }
  /** Any characters but a slash. */
  | { readonly kind: 'star' }
  /** Any folders, each with its slash; at the end of a glob whatever is below. */
  | { readonly kind: 'folders'; readonly isLast: boolean }
  | GlobGroup;

/** One of several globs: once, any number of times, or none of them. */
export interface GlobGroup {
  readonly kind: 'group';
  readonly options: readonly (readonly GlobPart[])[];
  readonly least: 0 | 1;
  readonly most: 1 | typeof Number.POSITIVE_INFINITY;
  readonly isNot: boolean;
}

const ONCE = { least: 1, most: 1, isNot: false } as const;
const GROUPS: Readonly<Record<string, Pick<GlobGroup, 'least' | 'most' | 'isNot'>>> = {
  '@': ONCE,
  '?': { least: 0, most: 1, isNot: false },
  '*': { least: 0, most: Number.POSITIVE_INFINITY, isNot: false },
  '+': { least: 1, most: Number.POSITIVE_INFINITY, isNot: false },
  '!': { least: 1, most: 1, isNot: true },
};
const NAMED_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};
const MOST_NUMBERS = 1000;

/** Reads a glob. Nothing is a mistake in one: what has no meaning stands for itself. */
export function parseGlob(glob: string): readonly GlobPart[] {
  return new GlobReader(glob).parts('');
}

class GlobReader {
  readonly #glob: string;
  #at = 0;

  constructor(glob: string) {
    this.#glob = glob;
  }

  /** Up to the end, or to one of `ends`. */
  parts(ends: string): GlobPart[] {
    const begin = this.#at;
    const parts: GlobPart[] = [];
    while (this.#at < this.#glob.length && !ends.includes(this.#here())) {
      const part = this.#part(begin, ends);
      const before = parts.at(-1);
      if (part.kind === 'text' && before?.kind === 'text') {
        parts[parts.length - 1] = { kind: 'text', text: before.text + part.text };
      } else parts.push(this.#repeated(part));
    }
    return parts;
  }

  #here(): string {
    return this.#glob.charAt(this.#at);
  }

  #part(begin: number, ends: string): GlobPart {
    const here = this.#here();
    const named = GROUPS[here];
    if (named !== undefined && this.#glob.charAt(this.#at + 1) === '(') {
      const group = this.#group(2, '|', ')', named);
      if (group !== null) return group;
    }
    if (here === '*') return this.#star(begin, ends);
    const special =
      (here === '(' ? this.#group(1, '|', ')', ONCE) : null) ??
      (here === '{' ? (this.#numbers() ?? this.#group(1, ',', '}', ONCE)) : null) ??
      (here === '[' ? this.#class() : null);
    if (special !== null) return special;
    if (here === '\\' && this.#at + 1 < this.#glob.length) this.#at++;
    const text = String.fromCodePoint(this.#glob.codePointAt(this.#at) ?? 0);
    this.#at += text.length;
    return here === '?' ? { kind: 'one', isIn: () => true } : { kind: 'text', text };
  }

  #star(begin: number, ends: string): GlobPart {
    const from = this.#at;
    while (this.#here() === '*') this.#at++;
    const isFirst = from === begin || this.#glob.charAt(from - 1) === '/';
    const next = this.#here();
    const isLast = next === '' || ends.includes(next);
    if (this.#at - from !== 2 || !isFirst || !(isLast || next === '/')) return { kind: 'star' };
    if (!isLast) this.#at++;
    return { kind: 'folders', isLast };
  }

  /** `[0-9]+` and `(a|b)+`: once or more. */
  #repeated(part: GlobPart): GlobPart {
    const isPlus = this.#here() === '+' && this.#glob.charAt(this.#at + 1) !== '(';
    const before = this.#glob.charAt(this.#at - 1);
    if (!isPlus || !((part.kind === 'one' && before === ']') || part.kind === 'group')) return part;
    this.#at++;
    return { kind: 'group', options: [[part]], least: 1, most: Number.POSITIVE_INFINITY, isNot: false };
  }

  /** Null, and nothing read, when it has no end, or is a pair of braces with nothing to choose from. */
  #group(
    opening: number,
    between: string,
    end: string,
    how: Pick<GlobGroup, 'least' | 'most' | 'isNot'>,
  ): GlobGroup | null {
    const from = this.#at;
    this.#at += opening;
    const options: GlobPart[][] = [];
    do {
      if (options.length > 0) this.#at++;
      options.push(this.parts(between + end));
    } while (this.#here() === between);
    if (this.#here() === end && (end !== '}' || options.length > 1)) {
      this.#at++;
      return { kind: 'group', options, ...how };
    }
    this.#at = from;
    return null;
  }

  /** `{1..12}`, `{01..12}`, `{a..f}`. */
  #numbers(): GlobPart | null {
    const range = /^\{(?:(\d{1,9})\.\.(\d{1,9})|(.)\.\.(.))\}/su.exec(
      this.#glob.slice(this.#at, this.#at + 32),
    );
    if (range === null) return null;
    const [all, first, last, from, to] = range;
    const numbers = first !== undefined && last !== undefined;
    const bounds = numbers
      ? [Number(first), Number(last)]
      : [from, to].map((text) => text?.codePointAt(0) ?? 0);
    const [least, most] = [Math.min(...bounds), Math.max(...bounds)];
    if (most - least >= MOST_NUMBERS) return null;
    this.#at += all.length;
    const width =
      numbers && [first, last].some((text) => /^0\d/.test(text)) ? Math.max(first.length, last.length) : 0;
    const options = Array.from({ length: most - least + 1 }, (_, index): GlobPart[] => {
      const value = least + index;
      return [
        { kind: 'text', text: numbers ? String(value).padStart(width, '0') : String.fromCodePoint(value) },
      ];
    });
    return { kind: 'group', options, ...ONCE };
  }

  #class(): GlobPart | null {
    const found = /^\[([!^]?)(\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]/su.exec(this.#glob.slice(this.#at));
    if (found === null) return null;
    const [all, not, content = ''] = found;
    const inside = content
      .replace(/^\]/, '\\]')
      .replace(/\[:(\w+):\]|\[/g, (text, name) => NAMED_CLASSES[name] ?? text.replaceAll('[', '\\['));
    try {
      const pattern = new RegExp(`^[${not === '' ? '' : '^'}${inside}]$`, 'su');
      this.#at += all.length;
      return { kind: 'one', isIn: (character) => pattern.test(character) };
    } catch {
      return null;
    }
  }
}
