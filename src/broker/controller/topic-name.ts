/** Says what is wrong with a topic's name in Kafka's words, or null. Source: org.apache.kafka.common.internals.Topic. */
export function topicNameProblem(name: string): string | null {
  const problem = problemOf(name);
  return problem === null ? null : `Topic name is invalid: ${problem}`;
}

const LONGEST_NAME = 249;

function problemOf(name: string): string | null {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.') return "'.' is not allowed";
  if (name === '..') return "'..' is not allowed";
  if (name.length > LONGEST_NAME) return `the length of '${name}' is longer than the max allowed length ${LONGEST_NAME}`;
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  return null;
}

/** Names that differ in '.' and '_' alone collide: they would be one metric. */
export const collisionKey = (name: string): string => name.replaceAll('.', '_');
export const hasCollisionCharacter = (name: string): boolean => /[._]/.test(name);
