import picomatch from 'picomatch';

/** `RUN npm ci`: its name in capitals, and what follows it on one line. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** From one FROM to the next. */
export interface Stage {
  readonly image: string;
  readonly name: string | null;
  readonly instructions: readonly Instruction[];
}

/** Without comments; a line that ends with a backslash goes on. */
export function stagesOf(dockerfile: string): Stage[] {
  const lines = dockerfile.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  const instructions = lines.split('\n').flatMap((line) => {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    return name !== undefined && rest !== undefined ? [{ name, rest }] : [];
  });
  const begins = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  return begins.map((from, index) => {
    const [, image = '', name = null] =
      /^(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?$/.exec(instructions[from]?.rest ?? '') ?? [];
    return { image, name, instructions: instructions.slice(from + 1, begins[index + 1]) };
  });
}

/** Of the one that counts, the last. */
export function valueIn({ instructions }: Stage, name: string): string | undefined {
  return instructions.findLast((each) => each.name === name)?.rest;
}

/** The command of a CMD or HEALTHCHECK in its exec form; null where a shell would run it. */
export function execForm(rest: string): readonly string[] | null {
  try {
    const command: unknown = JSON.parse(rest.slice(rest.indexOf('[')));
    return Array.isArray(command) ? command : null;
  } catch {
    return null;
  }
}

/** What is against an image of this file, a sentence each. */
export function mistakesIn(dockerfile: string): string[] {
  const stages = stagesOf(dockerfile);
  const last = stages.at(-1) as Stage;
  const all = stages.flatMap(({ instructions }) => instructions);
  const user = Number(valueIn(last, 'USER')?.split(':')[0]);
  return [
    ...stages.flatMap(({ image }) => (/:\d+\.\d+\.\d+(-|$)/.test(image) ? [] : [`${image} is not pinned`])),
    ...(user > 0 ? [] : ['expected the user to be a number other than 0']),
    ...['CMD', 'HEALTHCHECK'].flatMap((name) =>
      execForm(valueIn(last, name) ?? '') === null ? [`expected ${name} as a list`] : [],
    ),
    ...(valueIn(last, 'STOPSIGNAL') === 'SIGTERM' ? [] : ['expected STOPSIGNAL SIGTERM']),
    ...all.flatMap(({ name, rest }) =>
      ['ARG', 'ENV'].includes(name) && /secret|token|password|credential/i.test(rest)
        ? [`${name} ${rest} would be in the image for all to read`]
        : [],
    ),
    ...all.flatMap(({ name, rest }) =>
      name === 'ADD' ? [`ADD ${rest}: COPY fetches and unpacks nothing`] : [],
    ),
  ];
}

/** Whether a build sees a file, by a .dockerignore: of the lines that match it or a folder that it is in, the last counts. */
export function dockerignored(dockerignore: string): (path: string) => boolean {
  const rules = dockerignore.split('\n').flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const isException = line.startsWith('!');
    return [
      { isIgnored: !isException, matches: picomatch(isException ? line.slice(1) : line, { dot: true }) },
    ];
  });
  return (path) => {
    const parts = path.split('/');
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    return rules.findLast(({ matches }) => paths.some((each) => matches(each)))?.isIgnored ?? false;
  };
}
