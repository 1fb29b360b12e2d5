import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** Gives text in a style, or as it is where there are no colours. */
export type Paint = (style: Style, text: string) => string;

/** What is written to, as far as drawing has to know it. */
export interface Terminal {
  /** In columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** How much is written in a line of a pipe or file. */
const PIPE_WIDTH = 100;
const LEAST_WIDTH = 40;

/**
 * Standard output, or another stream. Colours are for terminals alone, and not for those who do not want them (`--no-color`, or NO_COLOR as
 * of https://no-color.org).
 */
export function terminalOf(wantsColor: boolean, stream: NodeJS.WriteStream = process.stdout): Terminal {
  const { env } = process;
  const hasColor = wantsColor && stream.isTTY === true && !env.NO_COLOR;
  const width = stream.columns || Number(env.COLUMNS) || PIPE_WIDTH;
  return {
    width: Math.max(width, LEAST_WIDTH),
    paint: (style, text) => (hasColor ? styleText(style, text, { validateStream: false }) : text),
  };
}
