import type { Place } from '../url/translate.ts'

/**
 * What `core.sshCommand` says of a URL: the user that it signs in with, by `-l USER` or `-o User=USER`, whichever comes
 * first, as ssh has it; undefined where it names none, or one that only a shell would know. And whether it names a
 * configuration (`-F`), in the place of the user's.
 */
export function sshPlaceOf(command: string): Place {
  const words = shellWords(command)
  const program = words.findIndex((word) => /(?:ssh|plink)(?:\.exe)?$/i.test(word))
  const options = optionsOf(words.slice(program + 1), /plink(?:\.exe)?$/i.test(words[program] ?? ''))
  const user = options.flatMap(({ letter, argument }) => {
    if (letter === 'l') return [argument]
    return letter === 'o' ? (/^user[\s=]+(.+)$/i.exec(argument)?.[1]?.trim() ?? []) : []
  })[0]
  return {
    sshUser: user === undefined || user === '' || /[$`]/.test(user) ? undefined : user,
    ownConfig: options.some(({ letter }) => letter === 'F'),
  }
}

/** ssh's options that take no argument, and may stand together (ssh(1), SYNOPSIS). */
const flags = '1246AaCfGgKkMNnqsTtVvXxYy'

/** The options that have an argument, up to the destination. PuTTY's of several letters (`-batch`) have none. */
function optionsOf(words: readonly string[], plink: boolean): { letter: string; argument: string }[] {
  const options: { letter: string; argument: string }[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (!word.startsWith('-') || word === '-') break
    const at = [...word].findIndex((letter, place) => place > 0 && !flags.includes(letter))
    if (at < 0 || (plink && word.length > 2)) continue
    options.push({ letter: word[at] ?? '', argument: word.slice(at + 1) || (words[++index] ?? '') })
  }
  return options
}

/** The words of a command as a POSIX shell splits it, nothing expanded. */
function shellWords(command: string): string[] {
  const words: string[] = []
  for (const [word] of command.matchAll(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/gs)) {
    words.push(
      word.replace(
        /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs,
        (_, single, double, one) => single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? one,
      ),
    )
  }
  return words
}
