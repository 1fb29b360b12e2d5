/** Where the version of the package is named beside package.json: tags of the image, the tarball, what is shown of a worker. */
export const NAMING = ['README.md', 'docs', 'config', 'Dockerfile', 'docker-compose.yml'];

/** A text with another version in place of one. What only has the same digits in it, as an address may, stays. */
export function withVersion(text: string, from: string, to: string): string {
  const named = new RegExp(`(?<![\\d.])${from.replaceAll('.', '\\.')}(?!\\d|\\.\\d)`, 'g');
  return text.replaceAll(named, () => to);
}
