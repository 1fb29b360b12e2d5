// Prints "N passed, N failed" from vitest's JSON report, and fails unless everything passed.
import { readFileSync } from 'node:fs';

const [reportPath, exitCode] = process.argv.slice(2);

/** A run that died before it could write its report failed. */
function readReport() {
  try {
    return JSON.parse(readFileSync(reportPath, 'utf8'));
  } catch {
    return {
      numPassedTests: 0,
      numFailedTests: 0,
      testResults: [{ status: 'failed', assertionResults: [] }],
    };
  }
}

const { numPassedTests, numFailedTests, testResults } = readReport();
// A file that could not be loaded has failed without a test of its own in the count.
const brokenFiles = testResults.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
).length;
let failed = numFailedTests + brokenFiles;
// An error outside of any test fails the run as well.
if (failed === 0 && exitCode !== '0') failed = 1;

console.log(`${numPassedTests} passed, ${failed} failed`);
process.exitCode = failed > 0 || numPassedTests === 0 ? 1 : 0;
