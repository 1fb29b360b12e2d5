const QUOTE = 0x22;
const COMMA = 0x2c;
const NEWLINE = 0x0a;

type Form = 'number' | 'quoted' | 'word';

/** Of the columns that `errors.deadletterqueue.file` has; a row may have one word more. */
const FORMS: readonly Form[] = ['number', 'quoted', 'quoted', 'quoted', 'number', 'number', 'word', 'word'];
const LAST = 6;

type Place = 'outside' | 'inside' | 'after quote';

/**
 * Tells whether bytes have the form of dead letters, the last of which a crash may have cut short. What a person has
 * written behind them, or what a disk made of them, as a rule has not.
 */
export class LetterScan {
  #column = 0;
  #place: Place = 'outside';
  #isOurs = true;

  get isOurs(): boolean {
    return this.#isOurs;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; this.#isOurs && at < bytes.length; at++) this.#isOurs = this.#take(bytes[at] as number);
  }

  #take(byte: number): boolean {
    const form = FORMS[this.#column] as Form;
    if (form === 'quoted') return this.#takeQuoted(byte);
    if (byte === NEWLINE && this.#column >= LAST) {
      this.#column = 0;
      return true;
    }
    if (byte === COMMA && this.#column < FORMS.length - 1) {
      this.#column++;
      return true;
    }
    return form === 'number' ? byte >= 0x30 && byte <= 0x39 : isWord(byte);
  }

  #takeQuoted(byte: number): boolean {
    if (this.#place === 'inside') {
      if (byte === QUOTE) this.#place = 'after quote';
      return true;
    }
    if (byte === QUOTE) {
      this.#place = 'inside';
      return true;
    }
    if (this.#place === 'outside' || byte !== COMMA) return false;
    this.#place = 'outside';
    this.#column++;
    return true;
  }
}

function isWord(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f;
}
