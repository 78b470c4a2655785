import type { ByteText } from '../bytes.ts'
import { realOf } from '../find/gitDir.ts'
import type { Edit, Transaction } from '../plan.ts'
import { spliced } from '../splice.ts'

/** The texts that files are to have, by their real paths. */
export type Texts = ReadonlyMap<string, ByteText>

/** Those of the files in git's own format that a transaction edits. */
export interface ChangingTexts {
  readonly before: Texts
  readonly after: Texts
  readonly byFile: ReadonlyMap<string, readonly Edit[]>
}

export function textsOf({ edits, sources }: Transaction): ChangingTexts {
  const before = new Map<string, ByteText>()
  const after = new Map<string, ByteText>()
  const byFile = new Map<string, readonly Edit[]>()
  for (const { file, text } of sources) {
    const own = edits.filter((edit) => edit.file === file && edit.kind !== 'remotes')
    if (own.length === 0) continue
    const real = realOf(file)
    before.set(real, text)
    after.set(real, spliced(text, own))
    byFile.set(real, own)
  }
  return { before, after, byFile }
}
