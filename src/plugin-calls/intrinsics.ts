/*
 * Objects that all code of a thread shares. A property more that every loop meets, or a function in place of one of the
 * language's, would make of others' rows whatever it likes. What is added and no loop meets, as packages do that fill in for
 * an older Node, harms nobody.
 */

const SHARED: Readonly<Record<string, object>> = {
  Object,
  'Object.prototype': Object.prototype,
  'Function.prototype': Function.prototype,
  Array,
  'Array.prototype': Array.prototype,
  'String.prototype': String.prototype,
  'Number.prototype': Number.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Date.prototype': Date.prototype,
  'Map.prototype': Map.prototype,
  'Set.prototype': Set.prototype,
  'Promise.prototype': Promise.prototype,
  'Uint8Array.prototype': Uint8Array.prototype,
  'Buffer.prototype': Buffer.prototype,
  JSON,
  Math,
};

interface Known {
  readonly name: string;
  readonly object: object;
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
}

/** As they were before a plugin came. */
const KNOWN: readonly Known[] = Object.entries(SHARED).map(([name, object]) => {
  const keys = Reflect.ownKeys(object);
  return { name, object, keys, values: keys.map((key) => held(object, key)) };
});

/** What is not as it was, `Object.prototype.polluted`; null when all is. */
export function changedIntrinsic(): string | null {
  for (const { name, object, keys, values } of KNOWN) {
    for (const [at, key] of keys.entries()) if (held(object, key) !== values[at]) return nameOf(name, key);
    const added = Object.keys(object).find((key) => !keys.includes(key));
    if (added !== undefined) return nameOf(name, added);
  }
  return null;
}

/** The value or the getter. */
function held(object: object, key: PropertyKey): unknown {
  const property = Reflect.getOwnPropertyDescriptor(object, key);
  return property === undefined ? undefined : (property.get ?? property.value);
}

function nameOf(object: string, key: PropertyKey): string {
  return typeof key === 'symbol' ? `${object}[${String(key)}]` : `${object}.${String(key)}`;
}
