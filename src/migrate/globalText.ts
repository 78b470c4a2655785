import { existsSync, readFileSync } from 'node:fs'
import type { World } from '../base/world.ts'
import { globalConfigFile } from '../git/globalConfigFile.ts'
import { type ByteText, byteText } from './bytes.ts'

/** The file that `git config --global` writes, and what is in it; no text where it is not there yet. */
export function globalText(world: Pick<World, 'env' | 'platform' | 'home'>): { file: string; text: ByteText } {
  const file = globalConfigFile(world)
  return { file, text: existsSync(file) ? byteText(readFileSync(file)) : '' }
}
