import { withoutPasswords } from '../../base/redact.ts'
import { unprintable } from '../../base/text.ts'
import type { Context } from '../context.ts'

/** Where a URL is shown, its password is not: whatever file or program told of it. */
export function print({ stdout }: Context, lines: readonly string[]): void {
  for (const line of lines) stdout.write(`${withoutPasswords(line)}\n`)
}

/** JSON itself leaves some of what a terminal would heed as it is. */
export function printJson(context: Context, document: unknown): void {
  const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  const text = JSON.stringify(document, null, 2)
  print(
    context,
    text.split('\n').map((line) => line.replace(unprintable, escaped)),
  )
}
