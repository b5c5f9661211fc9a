/** What the start and test scripts tell: one line a step, and how long it takes while it does. */

const WIDTH = 18;
const HEARTBEAT_MS = 5000;

let output = process.stdout;

/** Where the lines go: a command whose answer is its standard output tells them elsewhere. */
export function sayTo(stream) {
  output = stream;
}

/** Something is already as needed, or a fact worth a line. */
export function say(topic, text) {
  output.write(`${`  ${topic}`.padEnd(WIDTH)} ${text}\n`);
}

/** Runs `action` behind a line that shows that it goes on. */
export async function during(topic, text, action) {
  const begun = Date.now();
  const seconds = () => `${Math.round((Date.now() - begun) / 1000)} s`;
  output.write(`${`  ${topic}`.padEnd(WIDTH)} ${text} …`);
  const heartbeat = setInterval(() => output.write(` ${seconds()} …`), HEARTBEAT_MS);
  try {
    const result = await action();
    output.write(` done in ${seconds()}\n`);
    return result;
  } catch (error) {
    output.write(" failed\n");
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

/** A failure that the person can mend: shown as its sentences, without a stack. */
export class Unready extends Error {
  name = "Unready";
}

/** Failures whose message was written for the operator; by name, because a bundled program has classes of its own. */
const EXPECTED = ["Unready", "MachineFailure", "UnsupportedServer", "RefusedText", "LockTimeout"];

/** Ends the script the way its failure deserves. */
export function explain(error) {
  process.stderr.write(`\n${EXPECTED.includes(error?.name) ? error.message : (error?.stack ?? error)}\n`);
  process.exit(1);
}
