/**
 * A list of words in several languages, to be looked for in what a page says. In languages that write blanks between words
 * a phrase matches whole words; a `*` leaves a word open (`*kennwort`, `benutzer*`, `klucz* dostepu`). In Chinese, Japanese
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
  const longestFirst = phrases.sort((a, b) => plain(b).length - plain(a).length)
  const spaced = longestFirst.filter((phrase) => !unspaced.test(phrase)).map((phrase) => ({ phrase, isIn: spacedIn(phrase) }))
  const dense = longestFirst
    .filter((phrase) => unspaced.test(phrase))
    .map((phrase) => ({ phrase, letters: plain(phrase).replaceAll(' ', '') }))
  return {
    find(text) {
      const letters = plain(text)
      const found = spaced.find(({ isIn }) => isIn(letters))
      if (found || dense.length === 0 || !unspaced.test(letters)) return found?.phrase
      const close = letters.replaceAll(' ', '')
      return dense.find((one) => close.includes(one.letters))?.phrase
    },
  }
}

/** Whether a phrase is among the `letters` of a text, as `plain` makes them; a `*` within it stands for the rest of a word. */
function spacedIn(phrase: string): (letters: string) => boolean {
  const [first = '', ...rest] = phrase.split('*').map((part) => plain(part).trimEnd().trimStart())
  const last = rest.at(-1)
  const start = first === '' ? '' : ' '
  const end = last === '' ? '' : ' '
  const inner = [first, ...rest].filter(Boolean)
  if (inner.length === 1) {
    const needle = `${start}${inner[0]}${end}`
    return (letters) => letters.includes(needle)
  }
  const pattern = new RegExp(`${start}${inner.join('\\p{L}* ')}${end}`, 'u')
  return (letters) => pattern.test(letters)
}
