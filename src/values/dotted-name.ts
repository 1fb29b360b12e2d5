/** The dotted spelling of a camelCase option name. */
export function dottedName(optionName: string): string {
  return optionName.replace(/[A-Z]/g, (letter) => `.${letter.toLowerCase()}`);
}
