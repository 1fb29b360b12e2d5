/**
 * Records what Kafka Connect itself answers to the cases, and the options of its classes: `node test/connect/record.ts`.
 * Needs Java 17 and, the first time, Maven.
 */
import { writeFileSync } from 'node:fs';
import { connectNames } from '../../src/loader/built-in.ts';
import { askConnect } from './ask-connect.ts';
import { allCases } from './cases/index.ts';
import { ANSWERS, OPTIONS, questionOf } from './recorded.ts';

const classes = [...connectNames('transformation'), ...connectNames('predicate')];
const questions = [...new Set(allCases.map(questionOf))].map((line) => JSON.parse(line) as unknown);
const answers = await askConnect([...classes.map((name) => ({ describe: name })), ...questions]);
const options = classes.map((name, i) => JSON.stringify([name, answers[i]]));
const lines = questions.map((question, i) =>
  JSON.stringify({ question, answer: answers[classes.length + i] }),
);
writeFileSync(OPTIONS, `${options.join('\n')}\n`);
writeFileSync(ANSWERS, `${lines.join('\n')}\n`);
process.stdout.write(`recorded ${lines.length} answers and the options of ${classes.length} classes\n`);
