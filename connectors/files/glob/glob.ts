import type { GlobGroup, GlobPart } from './glob-pattern.ts';
import { parseGlob } from './glob-pattern.ts';

/** Every place of a text, from before its first character to behind its last: 1 where a match can have come to. */
type Places = Uint8Array;

/**
 * Makes a test of a glob: `*`, `?`, `**`, classes, braces, and the groups of shells (`@(a|b)`, `+()`, `!()`, …). A name
 * that begins with a dot is matched by its dot only; `!` before all of it says the opposite; a path is matched by
 * itself, whatever stars are in it.
 *
 * All ways to match are followed side by side, so that no name takes longer than its length times the glob's. A
 * regular expression tries them one after the other, and takes a minute for `*_*_*_*_*.csv` and a name of underscores.
 */
export function globMatcher(glob: string): (path: string) => boolean {
  const isOpposite = glob.startsWith('!') && !glob.startsWith('!(');
  const parts = parseGlob(glob.replace(/^!/, isOpposite ? '' : '!').replace(/^\.\//, ''));
  return (path) => path === glob || matches(parts, path) !== isOpposite;
}

function matches(parts: readonly GlobPart[], path: string): boolean {
  const begin = new Uint8Array(path.length + 1);
  begin[0] = 1;
  return new GlobWalk(path).after(parts, begin)[path.length] === 1;
}

class GlobWalk {
  readonly #path: string;
  /** Where a group of `!()` comes to, by where it begins; each is worked out once. */
  readonly #nots = new Map<GlobGroup, Map<number, Places>>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Where `parts` come to from any of these places. */
  after(parts: readonly GlobPart[], from: Places): Places {
    let places = from;
    for (const part of parts) {
      if (!places.includes(1)) return places;
      places = this.#afterPart(part, places);
    }
    return places;
  }

  #afterPart(part: GlobPart, from: Places): Places {
    if (part.kind === 'group') return part.isNot ? this.#afterNot(part, from) : this.#afterGroup(part, from);
    const to = new Uint8Array(from.length);
    for (let at = from.indexOf(1); at !== -1; at = from.indexOf(1, at + 1)) {
      if (part.kind === 'text') {
        if (this.#path.startsWith(part.text, at)) to[at + part.text.length] = 1;
      } else if (part.kind === 'one') this.#one(part.isIn, at, to);
      else if (part.kind === 'star') at = this.#star(at, to);
      else this.#folders(at, part.isLast, to);
    }
    return to;
  }

  #one(isIn: (character: string) => boolean, at: number, to: Places): void {
    const character = String.fromCodePoint(this.#path.codePointAt(at) ?? 0x2f);
    if (character !== '/' && !this.#isHidden(at) && isIn(character)) to[at + character.length] = 1;
  }

  /** The last place that a star reaches from here: those between need not be asked again. */
  #star(at: number, to: Places): number {
    if (this.#isHidden(at)) return at;
    const end = this.#endOfName(at);
    to.fill(1, at, end + 1);
    return end;
  }

  #folders(at: number, isLast: boolean, to: Places): void {
    to[at] = 1;
    for (let name = at; !this.#isHidden(name); ) {
      const end = this.#endOfName(name);
      if (isLast) to[end] = 1;
      if (end === this.#path.length) return;
      name = end + 1;
      to[name] = 1;
    }
  }

  #afterGroup({ options, least, most }: GlobGroup, from: Places): Places {
    const all = least === 0 ? from.slice() : new Uint8Array(from.length);
    let fresh = from;
    do {
      const reached = new Uint8Array(from.length);
      for (const option of options) for (const at of placesOf(this.after(option, fresh))) reached[at] = 1;
      for (const at of placesOf(reached)) {
        if (all[at] === 1) reached[at] = 0;
        all[at] = 1;
      }
      fresh = reached;
    } while (most > 1 && fresh.includes(1));
    return all;
  }

  #afterNot(group: GlobGroup, from: Places): Places {
    const known = this.#nots.get(group) ?? new Map<number, Places>();
    this.#nots.set(group, known);
    const to = new Uint8Array(from.length);
    for (const at of placesOf(from)) {
      const reached = known.get(at) ?? this.#notFrom(group, at);
      known.set(at, reached);
      for (const end of placesOf(reached)) to[end] = 1;
    }
    return to;
  }

  #notFrom({ options }: GlobGroup, at: number): Places {
    const from = new Uint8Array(this.#path.length + 1);
    from[at] = 1;
    const to = new Uint8Array(from.length);
    if (this.#isHidden(at)) return to;
    to.fill(1, at, this.#endOfName(at) + 1);
    for (const option of options) for (const end of placesOf(this.after(option, from))) to[end] = 0;
    return to;
  }

  #endOfName(at: number): number {
    const slash = this.#path.indexOf('/', at);
    return slash === -1 ? this.#path.length : slash;
  }

  #isHidden(at: number): boolean {
    return this.#path[at] === '.' && (at === 0 || this.#path[at - 1] === '/');
  }
}

function* placesOf(places: Places): Generator<number> {
  for (let at = places.indexOf(1); at !== -1; at = places.indexOf(1, at + 1)) yield at;
}
