/** The version by which the embedded cluster is judged and shared scripts are rewritten. */
export const newestKafka = '4.3.1';
