/** Repetitions are written out in a glob; more than so many would be nothing to read. */
const MOST_REPEATED = 20;
const CLASSES: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[!0-9]',
  w: '[0-9A-Za-z_]',
  W: '[!0-9A-Za-z_]',
};

/**
 * The glob for the names that a regular expression of Java matches as a whole; null when there is none, as for what looks
 * ahead, refers back, or makes no difference between capitals and small letters.
 */
export function globOf(pattern: string): string | null {
  try {
    const reader = new PatternReader(pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, ''));
    const glob = reader.alternatives();
    return reader.isAtEnd ? glob : null;
  } catch (error) {
    if (error instanceof NoGlob) return null;
    throw error;
  }
}

class NoGlob extends Error {}

class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** `a|b|c`, up to a bracket that closes or the end. */
  alternatives(): string {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 ? (options[0] as string) : `@(${options.join('|')})`;
  }

  #sequence(): string {
    let glob = '';
    while (!this.isAtEnd && !'|)'.includes(this.#peek())) glob += this.#repeated(this.#one());
    return glob;
  }

  /** One character, class or group as a glob. */
  #one(): string {
    const character = this.#next();
    if (character === '.') return '?';
    if (character === '[') return this.#class();
    if (character === '(') return this.#group();
    if (character === '\\') return this.#escaped();
    if ('^$*+?{'.includes(character)) throw new NoGlob();
    return literal(character);
  }

  #escaped(): string {
    const character = this.#next();
    const known = CLASSES[character];
    if (known !== undefined) return known;
    if (/[0-9a-zA-Z]/.test(character)) throw new NoGlob();
    return literal(character);
  }

  #group(): string {
    if (this.#take('?')) {
      const isNamed = /^<[a-zA-Z][a-zA-Z0-9]*>/.exec(this.#text.slice(this.#at))?.[0];
      if (isNamed !== undefined) this.#at += isNamed.length;
      else if (!this.#take(':')) throw new NoGlob();
    }
    const glob = this.alternatives();
    if (!this.#take(')')) throw new NoGlob();
    return glob.startsWith('@(') ? glob : `@(${glob})`;
  }

  #class(): string {
    const isNot = this.#take('^');
    let inside = '';
    while (inside === '' || this.#peek() !== ']') {
      const character = this.#next();
      if ('[&!'.includes(character)) throw new NoGlob();
      inside += character === '\\' ? this.#escapedInClass() : character.replace('^', '\\^');
    }
    this.#next();
    return `[${isNot ? '!' : ''}${inside}]`;
  }

  #escapedInClass(): string {
    const character = this.#next();
    if (character === 'd') return '0-9';
    if (character === 'w') return '0-9A-Za-z_';
    if (/[0-9a-zA-Z!]/.test(character)) throw new NoGlob();
    return /[\^$\\.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
  }

  #repeated(one: string): string {
    const [least, most] = this.#counts();
    // As much as may be, as little, or all there is: the whole name matches or not, but for the last of the three.
    if (this.#take('+')) throw new NoGlob();
    if (most !== 1 || least !== 1) this.#take('?');
    if (most === Number.POSITIVE_INFINITY) {
      if (one === '?') return `${'?'.repeat(least)}*`;
      return least === 1 ? group('+', one) : one.repeat(least) + group('*', one);
    }
    if (most > MOST_REPEATED) throw new NoGlob();
    return one.repeat(least) + group('?', one).repeat(most - least);
  }

  /** How often what stands before is repeated. */
  #counts(): [number, number] {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    const written = /^\{(\d+)(,(\d*))?\}/.exec(this.#text.slice(this.#at));
    if (written === null) return [1, 1];
    this.#at += written[0].length;
    const least = Number(written[1]);
    if (least > MOST_REPEATED) throw new NoGlob();
    if (written[2] === undefined) return [least, least];
    return [least, written[3] === '' ? Number.POSITIVE_INFINITY : Number(written[3])];
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  #next(): string {
    if (this.isAtEnd) throw new NoGlob();
    return this.#text[this.#at++] as string;
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }
}

function group(sign: string, one: string): string {
  return one.startsWith('@(') ? sign + one.slice(1) : `${sign}(${one})`;
}

function literal(character: string): string {
  return /[*?[\]{}()!+@|\\]/.test(character) ? `\\${character}` : character;
}
