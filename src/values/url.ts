/** Whether text names something by a URL, rather than by a path of this machine. One letter is a drive of Windows. */
export function isUrl(text: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(text);
}
