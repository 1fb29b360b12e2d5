/** What `sasl.jaas.config` holds. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

const MODULE = /^\s*([\w.$]*LoginModule)\s+required\b/;
const PAIR = /(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g;

/** Reads `…LoginModule required username="…" password="…";`. A mistake never shows what was written. */
export function parseJaasConfig(text: string): Login | { readonly mistake: string } {
  const module = MODULE.exec(text);
  if (module === null) return { mistake: `does not begin with …LoginModule required; expected ${EXAMPLE}` };
  if (!text.trimEnd().endsWith(';')) return { mistake: `lacks the ; at the end; expected ${EXAMPLE}` };
  const pairs = new Map<string, string>();
  for (const [, name, quoted, bare] of text.slice(module[0].length).matchAll(PAIR)) {
    pairs.set(name as string, quoted === undefined ? (bare as string) : quoted.replaceAll(/\\(.)/g, '$1'));
  }
  const username = pairs.get('username');
  const password = pairs.get('password');
  if (username === undefined) return { mistake: `lacks username="…"; expected ${EXAMPLE}` };
  if (password === undefined) return { mistake: `lacks password="…"; expected ${EXAMPLE}` };
  return { username, password };
}

const EXAMPLE = '…LoginModule required username="…" password="…";';
