/** Whether a file's content survives power loss already: spares syncing what did not change, and lets all who ask share one sync. */
export class SyncState {
  #covering: Promise<void> | null = null;

  /** The file changed: no sync so far covers all of it. */
  changed(): void {
    this.#covering = null;
  }

  /**
   * Resolves when all that stands now is synced, by `sync` where that has not begun yet. Rejects as `sync` does; the next call tries again.
   */
  cover(sync: () => Promise<void>): Promise<void> {
    if (this.#covering !== null) return this.#covering;
    const covering = sync();
    this.#covering = covering;
    covering.catch(() => {
      if (this.#covering === covering) this.#covering = null;
    });
    return covering;
  }
}
