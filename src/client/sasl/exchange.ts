/** Sends a token of the mechanism and gives the broker's. Rejects with AuthenticationError where the broker refuses. */
export type Exchange = (token: Uint8Array) => Promise<Uint8Array>;
