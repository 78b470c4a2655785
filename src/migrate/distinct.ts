/** `entries` (plain data) without those that say the same again: a line may hold a URL twice, and nobody needs to hear of it twice. */
export function distinct<T>(entries: readonly T[]): T[] {
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()]
}
