export const leastOffset = (first: bigint, ...others: readonly bigint[]): bigint => {
  let least = first;
  for (const offset of others) if (offset < least) least = offset;
  return least;
};

export const greatestOffset = (first: bigint, ...others: readonly bigint[]): bigint => {
  let greatest = first;
  for (const offset of others) if (offset > greatest) greatest = offset;
  return greatest;
};
