/** What labels of workers have: `zone=sydney` has the name zone. */
export type Labels = ReadonlyMap<string, string>;

/** Both sides of a label: what nodes of Kubernetes have as labels is taken. */
const NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9._/-]{0,253}[a-zA-Z0-9])?$/;
const LABEL = /^([^=]*?)\s*=\s*(.*)$/s;

/** Reads `zone=sydney`, `mount=drop1`; text that tells what was expected, and what came, where one is no label. */
export function parseLabels(items: readonly string[]): Labels | string {
  const labels = new Map<string, string>();
  for (const item of items) {
    const [, name = '', value = ''] = LABEL.exec(item) ?? [];
    if (!NAME.test(name) || !NAME.test(value)) {
      return (
        'expected labels such as zone=sydney, whose names and values are up to 255 letters, digits, dots, _, - and /, ' +
        `got ${JSON.stringify(item)}`
      );
    }
    if (labels.has(name)) return `gives the label ${name} twice; expected each name once`;
    labels.set(name, value);
  }
  return labels;
}

/** The labels of a configuration, which is checked: `worker.labels` or `placement`. */
export function labelsOf(items: readonly string[]): Labels {
  const labels = parseLabels(items);
  if (typeof labels === 'string') throw new TypeError(labels);
  return labels;
}
