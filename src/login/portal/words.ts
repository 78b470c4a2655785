/**
 * A list of words in several languages, to be looked for in what a page says. In languages that write blanks between words
 * a phrase matches whole words; a `*` at its start or end leaves that side open (`*kennwort`, `benutzer*`). In Chinese, Japanese
 * and Korean it matches anywhere, blanks left out.
 */
export interface Words {
  /** The phrase of the list that `text` contains, the longest first; undefined when there is none. */
  find(text: string): string | undefined
}

/** The languages that the word tables know, in the order of ISO 639. */
export type Language = 'de' | 'en' | 'es' | 'fr' | 'it' | 'ja' | 'ko' | 'nl' | 'pl' | 'pt' | 'zh'

const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/

/** Small letters without accents, everything but letters and digits a single blank, a blank at both ends. */
export function plain(text: string): string {
  const letters = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ß', 'ss')
  return ` ${letters.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `
}

/** The words of a name or id: `userNameInput`, `j_username`, `login-form` become ` user name input `, … */
export function namePlain(name: string): string {
  return plain(name.replace(/([a-z\d])([A-Z])/g, '$1 $2'))
}

/** A list of all these phrases. */
export function words(table: Partial<Record<Language, readonly string[]>>): Words {
  const phrases = Object.values(table).flat()
  const spaced: [needle: string, phrase: string][] = []
  const dense: [needle: string, phrase: string][] = []
  for (const phrase of phrases) {
    const letters = plain(phrase)
    if (unspaced.test(phrase)) dense.push([letters.replaceAll(' ', ''), phrase])
    else spaced.push([`${phrase.startsWith('*') ? '' : ' '}${letters.trim()}${phrase.endsWith('*') ? '' : ' '}`, phrase])
  }
  for (const list of [spaced, dense]) list.sort((a, b) => b[0].length - a[0].length)
  return {
    find(text) {
      const letters = plain(text)
      const found = spaced.find(([needle]) => letters.includes(needle))
      if (found || dense.length === 0 || !unspaced.test(letters)) return found?.[1]
      const close = letters.replaceAll(' ', '')
      return dense.find(([needle]) => close.includes(needle))?.[1]
    },
  }
}
