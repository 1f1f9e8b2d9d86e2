/** What the system says of a disk, or of a directory on it, that does not do what it is for; a bug or a lack of descriptors is none. */
const codes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM']);

export const isDiskFailure = (error: unknown): error is Error => error instanceof Error && 'code' in error && codes.has(error.code);
