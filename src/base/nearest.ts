/** The one of `words` that is fewest changes of a letter away from `text`, if that is near enough to be a slip. */
export function nearestOf(text: string, words: readonly string[]): string | undefined {
  const ranked = words.map((word) => ({ word, changes: changesBetween(text, word) })).sort((a, b) => a.changes - b.changes)
  const [best] = ranked
  return best && best.changes <= Math.max(2, text.length / 3) ? best.word : undefined
}

/** Levenshtein's distance: the letters to insert, remove or replace between `a` and `b`. */
function changesBetween(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i += 1) {
    const current = [i + 1]
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (previous[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      current.push(Math.min(replaced, (previous[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
