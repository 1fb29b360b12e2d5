/** A group of the match by number or name, or text. */
type Part = string | number | { readonly name: string };

export type Replacement = readonly Part[];

/**
 * Compiles Java's replacement text: `$1`, `${name}`, and a backslash before what stands for itself. Text says what is
 * wrong with it. `groups` and `names` are those of the expression.
 */
export function compileReplacement(
  source: string,
  groups: number,
  names: ReadonlySet<string>,
): Replacement | string {
  const parts: Part[] = [];
  for (let at = 0; at < source.length; at++) {
    const character = source[at] as string;
    if (character === '\\') {
      at++;
      if (at === source.length) return 'a \\ has nothing after it; write \\\\ for a backslash';
      parts.push(source[at] as string);
    } else if (character === '$') {
      const group = groupAt(source.slice(at + 1), groups, names);
      if (typeof group === 'string') return group;
      parts.push(group.part);
      at += group.length;
    } else {
      parts.push(character);
    }
  }
  return parts;
}

function groupAt(text: string, groups: number, names: ReadonlySet<string>) {
  const name = /^\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(text);
  if (name !== null) {
    const [whole, part = ''] = name;
    return names.has(part) ? { part: { name: part }, length: whole.length } : `no group is named ${part}`;
  }
  const digits = /^[0-9]+/.exec(text)?.[0];
  if (digits === undefined) return 'a $ has no group after it; write \\$ for a dollar';
  // Java takes as many digits as make a group that there is: `$10` is group 1 and a 0 when there are nine groups.
  let length = 1;
  while (length < digits.length && Number(digits.slice(0, length + 1)) <= groups) length++;
  const part = Number(digits.slice(0, length));
  return part <= groups ? { part, length } : `there is no group ${part}`;
}

/** The text that replaces a match. */
export function fillReplacement(replacement: Replacement, match: RegExpExecArray): string {
  return replacement
    .map((part) => {
      if (typeof part === 'string') return part;
      return (typeof part === 'number' ? match[part] : match.groups?.[part.name]) ?? '';
    })
    .join('');
}
