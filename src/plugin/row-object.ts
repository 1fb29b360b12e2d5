/** Makes an object with a property for each of `values`, in the order of the names it was made for. */
export type MakeRow = (values: readonly unknown[]) => Record<string, unknown>;

/** Files of a feed have the same columns, mostly; beyond so many all are forgotten. */
const REMEMBERED = 32;
const MAKERS = new Map<string, MakeRow>();

/**
 * Ordinary objects of fixed property names. A literal compiled for the names gives all of them one shape and is several
 * times as fast as setting property after property. Each name is written as a JSON string in brackets, which makes
 * `__proto__` a property like any other and leaves nothing of a name to be read as code.
 */
export function rowMaker(names: readonly string[]): MakeRow {
  const properties = names.map((name, index) => `[${JSON.stringify(name)}]:values[${index}]`).join();
  let make = MAKERS.get(properties);
  if (make === undefined) {
    make = new Function('values', `return {${properties}}`) as MakeRow;
    if (MAKERS.size >= REMEMBERED) MAKERS.clear();
    MAKERS.set(properties, make);
  }
  return make;
}
