import { lstatSync, readFileSync, rmSync } from 'node:fs'

/** What stands beside a file while it is replaced. The token, which a journal holds, makes the names nobody else's. */
export interface Names {
  /** The new content. */
  readonly fresh: string
  /** The file as it was. */
  readonly backup: string
  /** git's lock of the file: whoever makes it exclusively may write (lockfile.h of git). */
  readonly lock: string
}

export function namesBeside(target: string, token: string): Names {
  const own = `${target}.awsfed-${token}`
  return { fresh: `${own}.new`, backup: `${own}.old`, lock: `${target}.lock` }
}

/** The token of the replacement that a name beside a file is of. */
export function tokenIn(name: string): string | undefined {
  return /\.awsfed-([\w-]+)\.(?:new|old)$/.exec(name)?.[1]
}

/**
 * Whether the lock is the one that a replacement took: a hard link to what it wrote or kept, which no other program
 * makes; where the file system knows no hard links, a copy of what it wrote.
 */
export function isOwnLock({ fresh, backup, lock }: Names): boolean {
  const [status, ...own] = [lock, fresh, backup].map((file) => lstatSync(file, { throwIfNoEntry: false, bigint: true }))
  if (!status?.isFile()) return false
  if (own.some((file) => file?.ino === status.ino && file.dev === status.dev)) return true
  const copied = own[0]?.nlink === 1n && status.nlink === 1n && status.size > 0n
  return copied && readFileSync(lock).equals(readFileSync(fresh))
}

/** Removes what a replacement left, wherever it was ended; what proves whose the lock is goes last. */
export function sweep(names: Names): string[] {
  const lock = isOwnLock(names) ? [names.lock] : []
  const left = [...lock, ...[names.fresh, names.backup].filter((file) => lstatSync(file, { throwIfNoEntry: false }))]
  for (const file of left) rmSync(file, { force: true })
  return left
}
