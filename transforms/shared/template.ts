/** Text with values in it, such as `market.{asset_class}.trades`. */
export interface Template {
  /** Fixed text and values in turn: text first and last. */
  readonly texts: readonly string[];
  readonly parts: readonly TemplatePart[];
}

/** What stands between braces: `symbol`, `symbol|lower`, `header:exchange`; a name in backquotes has all that is between them. */
export interface TemplatePart {
  readonly from: 'name' | 'header';
  readonly name: string;
  readonly case: 'lower' | 'upper' | null;
}

/** Compiles a template; a string says what is wrong with it. `{{` and `}}` stand for braces. */
export function compileTemplate(source: string): Template | string {
  const texts: string[] = [];
  const parts: TemplatePart[] = [];
  let text = '';
  for (let i = 0; i < source.length; i++) {
    const character = source[i] as string;
    if ((character === '{' || character === '}') && source[i + 1] === character) {
      text += character;
      i++;
    } else if (character === '{') {
      const end = endOfPart(source, i + 1);
      const between = source.slice(i + 1, end < 0 ? undefined : end);
      if (end < 0 || (between.includes('{') && between[0] !== '`'))
        return 'a { is not closed; write {{ for a brace';
      const part = partOf(between);
      if (typeof part === 'string') return part;
      texts.push(text);
      parts.push(part);
      text = '';
      i = end;
    } else if (character === '}') {
      return 'a } has no { before it; write }} for a brace';
    } else {
      text += character;
    }
  }
  return { texts: [...texts, text], parts };
}

const HEADER = 'header:';

/** Where the brace is that closes what begins here; -1 where there is none. */
function endOfPart(source: string, from: number): number {
  if (source[from] !== '`') return source.indexOf('}', from);
  const match = /`(?:\||\})/g;
  match.lastIndex = from + 1;
  const closing = match.exec(source);
  return closing === null ? -1 : source.indexOf('}', closing.index);
}

const QUOTED = /^`(.+)`(?:\|(lower|upper))?$/s;

function partOf(between: string): TemplatePart | string {
  const [, quoted, letters = null] = QUOTED.exec(between) ?? [];
  if (quoted !== undefined) return { from: 'name', name: quoted, case: letters as 'lower' | 'upper' | null };
  const bar = between.lastIndexOf('|');
  const filter = bar < 0 ? null : between.slice(bar + 1);
  if (filter !== null && filter !== 'lower' && filter !== 'upper') {
    return `expected lower or upper after the | of {${between}}`;
  }
  const whole = bar < 0 ? between : between.slice(0, bar);
  const isHeader = whole.startsWith(HEADER);
  const name = isHeader ? whole.slice(HEADER.length) : whole;
  if (name === '') return `there is no ${isHeader ? 'header' : 'field'} between { and }`;
  return { from: isHeader ? 'header' : 'name', name, case: filter };
}

/** The template with those values filled in that are known; `textOf` gives undefined for the others. */
export function filledIn(
  { texts, parts }: Template,
  textOf: (part: TemplatePart) => string | undefined,
): Template {
  const left: TemplatePart[] = [];
  const around = [texts[0] as string];
  parts.forEach((part, index) => {
    const text = textOf(part);
    const next = texts[index + 1] as string;
    if (text === undefined) {
      left.push(part);
      around.push(next);
    } else {
      around.push(`${around.pop()}${inCase(text, part)}${next}`);
    }
  });
  return { texts: around, parts: left };
}

/** The text of a template in which nothing is left to fill in; null of any other. */
export function fixedText({ texts, parts }: Template): string | null {
  return parts.length === 0 ? (texts[0] as string) : null;
}

/** The one part that is all there is to a template; null for any other. */
export function onlyPart({ texts, parts }: Template): TemplatePart | null {
  const [part] = parts;
  return parts.length === 1 && texts.join('') === '' ? (part as TemplatePart) : null;
}

/** The text with all values; `textOf` gives each. */
export function fill({ texts, parts }: Template, textOf: (part: TemplatePart) => string): string {
  let text = texts[0] as string;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as TemplatePart;
    text += inCase(textOf(part), part) + (texts[i + 1] as string);
  }
  return text;
}

function inCase(text: string, { case: to }: TemplatePart): string {
  if (to === null) return text;
  return to === 'lower' ? text.toLowerCase() : text.toUpperCase();
}
