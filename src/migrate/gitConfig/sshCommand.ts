/**
 * The user that `core.sshCommand` signs in with: of `-l USER` or `-o User=USER`, whichever comes first, as ssh has it.
 * Undefined where it names none, or one that only a shell would know.
 */
export function sshUserOf(command: string): string | undefined {
  const words = shellWords(command)
  const program = words.findIndex((word) => /(^|[\\/])ssh(\.exe)?$/i.test(word))
  const user = userOption(words.slice(program + 1))
  return user === undefined || /[$`]/.test(user) ? undefined : user
}

/** ssh's options that take no argument, and may stand together (ssh(1), SYNOPSIS). */
const flags = '1246AaCfGgKkMNnqsTtVvXxYy'

function userOption(words: readonly string[]): string | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (!word.startsWith('-') || word === '-') return undefined
    const at = [...word].findIndex((letter, place) => place > 0 && !flags.includes(letter))
    if (at < 0) continue
    const inside = word.slice(at + 1)
    const argument = inside || (words[++index] ?? '')
    if (word[at] === 'l') return argument || undefined
    const user = word[at] === 'o' ? /^user[\s=]+(.+)$/i.exec(argument)?.[1]?.trim() : undefined
    if (user !== undefined) return user
  }
  return undefined
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
